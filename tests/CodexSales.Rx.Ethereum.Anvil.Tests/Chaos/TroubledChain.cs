using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Chaos;

/// <summary>
/// A real chain on which clients ask for storage, one host fills slots and gives some of them up again, and blocks are
/// replaced by others, all from a seed.
/// </summary>
internal sealed class TroubledChain
{
    private const ulong SlotsPerRequest = 2;
    private const int Recent = 60;
    private const int MostTouched = 4;

    // Taking it for used would leave room for a few transactions in each block only.
    private const ulong GasOfBlock = 1_000_000_000;
    private const ulong GasOfTransaction = 1_000_000;

    private readonly AnvilNode _node;
    private readonly DeployedMarketplace _contract;
    private readonly Random _random;
    private readonly List<StorageRequest> _requests = [];
    private readonly List<List<Sent>> _blocks = [];

    private TroubledChain(AnvilNode node, DeployedMarketplace contract, Random random) =>
        (_node, _contract, _random) = (node, contract, random);

    /// <summary>A slot of the newest request: nothing comes after it.</summary>
    public SlotKey Newest { get; private set; }

    /// <summary>How many blocks can be replaced.</summary>
    public int Blocks => _blocks.Count;

    /// <summary>How many requests are on the chain as it is now.</summary>
    public int Requests => _blocks.Sum(block => block.Count(sent => sent.IsRequest));

    private Address Client => _node.Accounts[0];

    private Address Host => _node.Accounts[2];

    public static async Task<TroubledChain> BeginAsync(AnvilNode node, DeployedMarketplace contract, int seed)
    {
        var chain = new TroubledChain(node, contract, new Random(seed));
        await contract.FundAsync(chain.Client, chain.Host);
        await node.Rpc.CallAsync("evm_setBlockGasLimit", Quantity.Of(GasOfBlock));
        await node.SetAutomineAsync(false);
        return chain;
    }

    /// <summary>Makes a block with so many new requests, and something that happens to older ones before them.</summary>
    public async Task MakeBlockAsync(int requests)
    {
        List<Sent> sent = [.. Enumerable.Range(0, _random.Next(MostTouched + 1)).SelectMany(_ => TouchOlder())];
        for (var i = 0; i < requests; i++)
        {
            sent.Add(Request());
        }

        await _node.Rpc.CallAllAsync(
            [.. sent.Select(one => ("eth_sendTransaction", new object?[] { one.Transaction }))]);
        await _node.MineAsync();
        _blocks.Add(sent);
    }

    /// <summary>Replaces blocks by others, in which most of what was in them comes again, maybe a block later.</summary>
    public async Task ReorganiseAsync(int depth)
    {
        var dropped = _blocks.TakeLast(depth).ToList();
        _blocks.RemoveRange(_blocks.Count - depth, depth);
        var blocks = dropped.Select(_ => new List<Sent>()).ToList();
        foreach (var (index, block) in dropped.Index())
        {
            blocks[Math.Min(index + _random.Next(2), depth - 1)].AddRange(block.Where(_ => _random.Next(4) != 0));
        }

        await _node.ReorgAsync(
            (ulong)depth,
            blocks.SelectMany((block, index) => block.Select(sent => (sent.Transaction, (ulong)index))));
        _blocks.AddRange(blocks);
    }

    /// <summary>Every slot that can be filled, by what the contract itself answers.</summary>
    public async Task<IReadOnlyList<SlotKey>> FindOpenSlotsAsync()
    {
        const int slotsPerMessage = 500;
        List<SlotKey> open = [];
        foreach (var slots in _requests.SelectMany(SlotsOf).Chunk(slotsPerMessage))
        {
            var states = await _contract.CallAllAsync(
                slots.Select(slot => CallData.Of("slotState(bytes32)").Add(slot.SlotId.Value)));
            var known = await _contract.CallAllAsync(
                slots.Select(slot => CallData.Of("requestExpiry(bytes32)").Add(slot.RequestId.Value)));
            open.AddRange(slots.Where((_, i) => known[i].Any(digit => digit != 0)
                && (SlotState)states[i][^1] is SlotState.Free or SlotState.Repair));
        }

        return [.. open.OrderBy(slot => $"{slot}", StringComparer.Ordinal)];
    }

    private static IEnumerable<SlotKey> SlotsOf(StorageRequest request)
    {
        var id = RequestId.Of(request);
        return Enumerable.Range(0, (int)SlotsPerRequest).Select(index => new SlotKey(id, (ulong)index));
    }

    private IEnumerable<Sent> TouchOlder()
    {
        if (_requests.Count < Recent)
        {
            return [];
        }

        // Where a reorganisation took the request, or the host has the slot already, the contract refuses.
        var slot = SlotsOf(_requests[^_random.Next(1, Recent)]).ElementAt(_random.Next((int)SlotsPerRequest));
        List<CallData> calls =
        [
            MarketplaceCalls.ReserveSlot(slot), MarketplaceCalls.FillSlot(slot, DeployedMarketplace.Proof),
        ];
        if (_random.Next(2) == 0)
        {
            calls.Add(MarketplaceCalls.FreeSlot(slot.SlotId));
        }

        return calls.Select(call => Send(Host, call, isRequest: false));
    }

    private Sent Request()
    {
        var request = new StorageRequest
        {
            Client = Client,
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = (ulong)_random.Next(1, 100),
                CollateralPerByte = 1,
                Slots = SlotsPerRequest,
                SlotSizeBytes = 1_000,
                DurationSeconds = 10 * 86_400,
                MaxSlotLoss = SlotsPerRequest,
            },
            Cid = [1, 0x55],
            MerkleRoot = default,
            ExpirySeconds = 9 * 86_400,
            Nonce = Keccak256.Hash(BitConverter.GetBytes(_requests.Count)),
        };
        _requests.Add(request);
        Newest = SlotsOf(request).First();
        return Send(Client, MarketplaceCalls.RequestStorage(request), isRequest: true);
    }

    private Sent Send(Address from, CallData call, bool isRequest) => new(
        new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["to"] = _contract.Marketplace.ToString(),
            ["data"] = call.ToString(),
            ["gas"] = Quantity.Of(GasOfTransaction),
        },
        isRequest);

    private sealed record Sent(object Transaction, bool IsRequest);
}
