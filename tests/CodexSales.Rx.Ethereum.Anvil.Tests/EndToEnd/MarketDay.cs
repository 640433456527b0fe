using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// A market on a real node whose time passes block by block, as fast as those who take part follow. Once nothing more
/// happens the next period begins, but never before every proof that is wanted is there.
/// </summary>
internal sealed class MarketDay : IAsyncDisposable
{
    public const ulong PeriodSeconds = 300;

    public static readonly UInt256 HostFunds = 1_000_000_000_000;

    private const int QuietBlocksUntilNextPeriod = 3;
    private const int MostBlocksPerPeriod = 500;

    private readonly Dictionary<SlotId, ulong> _provedIn = [];
    private readonly List<StorageRequest> _requests = [];
    private readonly List<ChainTransaction> _transactions = [];
    private int _blocksOfPeriod;
    private int _quietBlocks;

    private MarketDay(AnvilNode node, DeployedMarketplace contract) => (Node, Contract) = (node, contract);

    public AnvilNode Node { get; }

    public DeployedMarketplace Contract { get; }

    public Address Client => Node.Accounts[0];

    public ulong Periods { get; private set; }

    public IReadOnlyList<StorageRequest> Requests => _requests;

    /// <summary>All that hosts sent to the contract, in the order of the chain.</summary>
    public IReadOnlyList<ChainTransaction> Transactions => _transactions;

    /// <summary>Waits until everybody who takes part has heard of a block.</summary>
    public Func<ulong, CancellationToken, Task> Followers { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<MarketDay> StartAsync()
    {
        var node = await AnvilNode.StartAsync();
        var contract = await DeployedMarketplace.DeployAsync(
            node, new MarketplaceSettings { PeriodSeconds = PeriodSeconds, TimeoutSeconds = PeriodSeconds / 2 });
        var day = new MarketDay(node, contract);
        await contract.FundAsync(day.Client);
        foreach (var account in node.Accounts.Skip(1).Take(3))
        {
            await contract.MintAsync(account, HostFunds);
        }

        await node.SetAutomineAsync(false);
        return day;
    }

    /// <summary>How one of the accounts that were given tokens sells here.</summary>
    public HostSettings SettingsFor(int account, string storePath) =>
        new(Node.HttpUrl, Contract.Marketplace, account, storePath);

    /// <summary>Asks for storage: it is in the next block.</summary>
    /// <param name="slots">How many slots.</param>
    /// <param name="periods">For how many periods.</param>
    /// <param name="periodsUntilExpiry">Within how many all slots have to be filled.</param>
    /// <param name="proofProbability">One proof in about so many periods is wanted.</param>
    public async Task<StorageRequest> RequestAsync(
        ulong slots, ulong periods, ulong periodsUntilExpiry, ulong proofProbability = 1)
    {
        var number = (ulong)_requests.Count + 1;
        var request = new StorageRequest
        {
            Client = Client,
            Ask = new StorageAsk
            {
                ProofProbability = proofProbability,
                PricePerBytePerSecond = 1 + (number % 7),
                CollateralPerByte = 1 + (number % 5),
                Slots = slots,
                SlotSizeBytes = 1000 + number,
                DurationSeconds = periods * PeriodSeconds,
                MaxSlotLoss = 0,
            },
            Cid = [1, 0x55],
            MerkleRoot = default,
            ExpirySeconds = periodsUntilExpiry * PeriodSeconds,
            Nonce = Keccak256.Hash(BitConverter.GetBytes(number)),
        };
        _requests.Add(request);
        await Node.PostAsync(Client, Contract.Marketplace, MarketplaceCalls.RequestStorage(request).ToString());
        return request;
    }

    /// <summary>Makes blocks until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, CancellationToken cancellation)
    {
        while (!isSo())
        {
            cancellation.ThrowIfCancellationRequested();
            await MakeBlockAsync(
                _quietBlocks >= QuietBlocksUntilNextPeriod && await IsAllProvedAsync(), cancellation);
        }
    }

    /// <summary>Makes so many blocks of the period that runs.</summary>
    public async Task MakeBlocksAsync(int blocks, CancellationToken cancellation)
    {
        for (var made = 0; made < blocks; made++)
        {
            await MakeBlockAsync(isNextPeriod: false, cancellation);
        }
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private async Task MakeBlockAsync(bool isNextPeriod, CancellationToken cancellation)
    {
        var (_, now) = await Node.GetHeadAsync();
        if (isNextPeriod)
        {
            await Node.MineAtAsync(new UnixSeconds(((now.Value / PeriodSeconds) + 1) * PeriodSeconds));
            (_blocksOfPeriod, _quietBlocks, Periods) = (0, 0, Periods + 1);
        }
        else
        {
            await Node.MineAsync();
        }

        _blocksOfPeriod++;
        var (block, _) = await Node.GetHeadAsync();
        await TakeAsync(block);
        await Followers(block, cancellation);
    }

    private async Task TakeAsync(ulong number)
    {
        var at = $"0x{number:x}";
        var answers = await Node.Rpc.CallAllAsync(
            ("eth_getBlockByNumber", [at, true]), ("eth_getBlockReceipts", [at]));
        var isEmpty = answers[1].GetArrayLength() == 0;
        foreach (var sent in ChainTransaction.ReadAll(answers[0], answers[1]))
        {
            _transactions.Add(sent);
            if (sent is { HasSucceeded: true, Function: "fillSlot" or "submitProof" })
            {
                _provedIn[sent.Slot] = sent.At.Value / PeriodSeconds;
            }
            else if (sent is { HasSucceeded: true, Function: "freeSlot" })
            {
                _provedIn.Remove(sent.Slot);
            }
        }

        _quietBlocks = isEmpty ? _quietBlocks + 1 : 0;
    }

    private async Task<bool> IsAllProvedAsync()
    {
        var period = (await Node.GetHeadAsync()).Time.Value / PeriodSeconds;
        var unproved = _provedIn.Where(pair => pair.Value < period).Select(pair => pair.Key.Value).ToList();
        if (unproved.Count == 0)
        {
            return true;
        }

        var answers = await Contract.CallAllAsync(unproved.SelectMany(slot => new[]
        {
            CallData.Of("isProofRequired(bytes32)").Add(slot),
            CallData.Of("willProofBeRequired(bytes32)").Add(slot),
        }));
        var wanted = answers.Count(answer => answer[^1] != 0);
        Assert.True(
            wanted == 0 || _blocksOfPeriod < MostBlocksPerPeriod,
            $"{wanted} proofs of period {period} did not come in {MostBlocksPerPeriod} blocks.");
        return wanted == 0;
    }
}
