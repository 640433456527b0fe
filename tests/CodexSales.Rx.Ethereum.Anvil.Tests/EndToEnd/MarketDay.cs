using System.Diagnostics;
using System.Text.Json;
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
    private const int LooksIntoPool = 20;

    private readonly Dictionary<SlotId, ulong> _provedIn = [];
    private readonly List<StorageRequest> _requests = [];
    private readonly List<ChainTransaction> _transactions = [];
    private readonly Dictionary<RequestId, UnixSeconds> _endsAt = [];
    private HashSet<SlotId> _wanted = [];
    private UnixSeconds _now;
    private int _quietBlocks;

    private MarketDay(AnvilNode node, DeployedMarketplace contract) => (Node, Contract) = (node, contract);

    public AnvilNode Node { get; }

    public DeployedMarketplace Contract { get; }

    public Address Client => Node.Accounts[0];

    public ulong Periods { get; private set; }

    /// <summary>When the newest block was begun to be made, on the stopwatch.</summary>
    public long BlockBegunAt { get; private set; }

    public IReadOnlyList<StorageRequest> Requests => _requests;

    /// <summary>All that hosts sent to the contract, in the order of the chain.</summary>
    public IReadOnlyList<ChainTransaction> Transactions => _transactions;

    /// <summary>Waits until everybody who takes part has heard of a block.</summary>
    public Func<ulong, CancellationToken, Task> Followers { get; set; } = (_, _) => Task.CompletedTask;

    private ulong Period => _now.Value / PeriodSeconds;

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
        (_, day._now) = await node.GetHeadAsync();
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
    public async Task RequestAsync(
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

            // Never in a block of its own second: a slot that is filled then can't be paid, and here time leaps to
            // where periods begin, further than a host can foresee.
            ExpirySeconds = (periodsUntilExpiry * PeriodSeconds) + (PeriodSeconds / 2),
            Nonce = Keccak256.Hash(BitConverter.GetBytes(number)),
        };
        _requests.Add(request);
        _endsAt[RequestId.Of(request)] = _now.Plus(request.Ask.DurationSeconds + PeriodSeconds);
        await Node.PostAsync(Client, Contract.Marketplace, MarketplaceCalls.RequestStorage(request).ToString());
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

    /// <summary>Whether a request's time is over.</summary>
    public bool IsOver(StorageRequest request) => _now > _endsAt[RequestId.Of(request)];

    /// <summary>The client takes back what was not spent of any request that is over.</summary>
    public async Task WithdrawAllAsync()
    {
        await Node.SetAutomineAsync(true);
        foreach (var request in _requests)
        {
            await Contract.WithdrawFundsAsync(Client, RequestId.Of(request));
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
        await WaitForPoolAsync(isNextPeriod);
        if (isNextPeriod)
        {
            await Node.SetNextTimeAsync(new UnixSeconds((Period + 1) * PeriodSeconds));
        }

        BlockBegunAt = Stopwatch.GetTimestamp();
        await Node.MineAsync();
        var block = await Node.Rpc.CallAsync("eth_getBlockByNumber", "latest", true);
        _now = new UnixSeconds(Number(block.GetProperty("timestamp")));
        await TakeAsync(block);
        if (isNextPeriod)
        {
            (_quietBlocks, Periods) = (0, Periods + 1);
            _wanted = [.. await FindWantedAsync()];
        }

        await Followers(Number(block.GetProperty("number")), cancellation);
    }

    // Gives the hosts time to send something, so that a period does not get more blocks than the contract's downtime.
    private async Task WaitForPoolAsync(bool isNextPeriod)
    {
        for (var looks = 0; !isNextPeriod && looks < LooksIntoPool; looks++)
        {
            var status = await Node.Rpc.CallAsync("txpool_status");
            if (Number(status.GetProperty("pending")) > 0)
            {
                return;
            }
        }
    }

    private async Task TakeAsync(JsonElement block)
    {
        if (block.GetProperty("transactions").GetArrayLength() == 0)
        {
            _quietBlocks++;
            return;
        }

        _quietBlocks = 0;
        var receipts = await Node.Rpc.CallAsync("eth_getBlockReceipts", block.GetProperty("number").GetString());
        foreach (var sent in ChainTransaction.ReadAll(block, receipts))
        {
            _transactions.Add(sent);
            if (sent is { HasSucceeded: true, Function: "fillSlot" or "submitProof" })
            {
                _provedIn[sent.Slot] = Period;
            }
            else if (sent is { HasSucceeded: true, Function: "freeSlot" })
            {
                _provedIn.Remove(sent.Slot);
            }
        }
    }

    // When the pointer of a slot begins anew, what the period wants may change: its first block counts as well.
    private async Task<bool> IsAllProvedAsync()
    {
        if (_wanted.Count == 0)
        {
            return true;
        }

        _wanted.IntersectWith(await FindWantedAsync());
        return _wanted.Count == 0;
    }

    private async Task<IEnumerable<SlotId>> FindWantedAsync()
    {
        var unproved = _provedIn.Where(pair => pair.Value < Period).Select(pair => pair.Key).ToList();
        var answers = unproved.Count == 0 ? [] : await Contract.CallAllAsync(unproved.SelectMany(slot => new[]
        {
            CallData.Of("isProofRequired(bytes32)").Add(slot.Value),
            CallData.Of("willProofBeRequired(bytes32)").Add(slot.Value),
        }));
        return unproved.Where((_, i) => answers[2 * i][^1] + answers[(2 * i) + 1][^1] != 0);
    }

    private static ulong Number(JsonElement quantity) => Convert.ToUInt64(quantity.GetString(), 16);
}
