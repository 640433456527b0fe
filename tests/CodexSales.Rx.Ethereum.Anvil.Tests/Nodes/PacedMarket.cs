using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>
/// A market on a real node that takes a proof for its own challenge only, and makes a block every four seconds of a
/// quickened time, whatever those who take part do. A validator reports every proof that can be reported.
/// </summary>
internal sealed class PacedMarket : IAsyncDisposable
{
    public const ulong BlockSeconds = 4;

    public static readonly UInt256 HostFunds = 1_000_000_000_000;

    // Blocks and periods always meet in the same way.
    private static readonly UnixSeconds Start = new(1_800_000_000);
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(BlockSeconds);

    private readonly EventLoopScheduler _loop = new();
    private readonly QuickenedTime _time;
    private readonly int _quickening;
    private readonly ulong _periodSeconds;
    private readonly List<(StorageRequest Request, UnixSeconds At)> _requests = [];
    private ulong _firstBlock;

    private PacedMarket(AnvilNode node, DeployedMarketplace contract, ulong periodSeconds, int quickening)
    {
        (Node, Contract, _periodSeconds, _quickening) = (node, contract, periodSeconds, quickening);
        _time = new QuickenedTime(_loop, quickening);
    }

    public AnvilNode Node { get; }

    public DeployedMarketplace Contract { get; }

    /// <summary>The newest block.</summary>
    public (ulong Number, UnixSeconds Time) Head { get; private set; }

    /// <summary>Whether the time of every request is over.</summary>
    public bool IsOver => _requests.All(request => request.At.Plus(request.Request.Ask.DurationSeconds) < Head.Time);

    private Address Client => Node.Accounts[0];

    private Address Validator => Node.Accounts[4];

    /// <summary>Starts the node and deploys the contracts. Blocks come while somebody waits for something.</summary>
    /// <param name="periodSeconds">The length of a proof period; as long can missing proofs be reported.</param>
    /// <param name="finalizedDepth">How many blocks behind the newest one the finalized one is: an even number.</param>
    /// <param name="quickening">How many times as fast as the clock time passes.</param>
    public static async Task<PacedMarket> StartAsync(ulong periodSeconds, int finalizedDepth, int quickening)
    {
        var node = await AnvilNode.StartAsync(
            new AnvilOptions { StartTime = Start, FinalizedDepth = finalizedDepth });
        var contract = await DeployedMarketplace.DeployAsync(node, new MarketplaceSettings
        {
            PeriodSeconds = periodSeconds,
            TimeoutSeconds = periodSeconds,
            AreProofsBound = true,
        });
        var market = new PacedMarket(node, contract, periodSeconds, quickening);
        await contract.FundAsync(market.Client);
        foreach (var account in node.Accounts.Skip(1).Take(3))
        {
            await contract.MintAsync(account, HostFunds);
        }

        await node.SetAutomineAsync(false);
        await node.MineAtAsync(Start.Plus(1_000));
        await market.LookAsync();
        market._firstBlock = market.Head.Number;
        return market;
    }

    /// <summary>How one of the accounts that were given tokens sells here, by a way to the node.</summary>
    public HostSettings SettingsFor(int account, Uri node, string storePath) =>
        new(node, Contract.Marketplace, account, storePath) { Quickening = _quickening, IsPaced = true };

    /// <summary>Makes a block with requests of the same kind.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="slots">Of how many slots each.</param>
    /// <param name="seconds">How long they last.</param>
    /// <param name="secondsUntilExpiry">Within which time all slots have to be filled.</param>
    public async Task<IReadOnlyList<StorageRequest>> RequestAsync(
        int requests, ulong slots, ulong seconds, ulong secondsUntilExpiry)
    {
        StorageRequest[] made = [.. Enumerable.Range(1, requests).Select(number => new StorageRequest
        {
            Client = Client,
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = (ulong)number,
                CollateralPerByte = (ulong)number + 1,
                Slots = slots,
                SlotSizeBytes = 1000 + (ulong)number,
                DurationSeconds = seconds,
                MaxSlotLoss = slots,
            },
            Cid = [1, 0x55],
            MerkleRoot = default,
            ExpirySeconds = secondsUntilExpiry,
            Nonce = Keccak256.Hash([(byte)number]),
        })];
        foreach (var request in made)
        {
            await Node.PostAsync(Client, Contract.Marketplace, MarketplaceCalls.RequestStorage(request).ToString());
        }

        await MakeBlockAsync();
        _requests.AddRange(made.Select(request => (request, Head.Time)));
        return made;
    }

    /// <summary>Makes blocks, one every four seconds, until something is so.</summary>
    /// <returns>Whether it came about within so many blocks.</returns>
    public async Task<bool> UntilAsync(Func<bool> isSo, int mostBlocks, CancellationToken cancellation)
    {
        var due = _time.Now;
        for (var made = 0; !isSo(); made++)
        {
            if (made == mostBlocks)
            {
                return false;
            }

            // A machine that stands still for a while does not make blocks come faster afterwards.
            due = new DateTimeOffset(Math.Max((due + Block).Ticks, (_time.Now + (Block / 2)).Ticks), TimeSpan.Zero);
            await Observable.Timer(due - _time.Now, _time).ToTask(cancellation);
            await ReportMissingAsync();
            await MakeBlockAsync();
        }

        return true;
    }

    /// <summary>Makes a block now, four seconds after the one before by its timestamp.</summary>
    public async Task MakeBlockAsync()
    {
        await Node.MineAsync();
        await LookAsync();
    }

    /// <summary>Looks which block is the newest, and says what time the next one has.</summary>
    public async Task LookAsync()
    {
        Head = await Node.GetHeadAsync();
        await Node.SetNextTimeAsync(Head.Time.Plus(BlockSeconds));
    }

    /// <summary>All that hosts and the validator sent to the contract, in the order of the chain.</summary>
    public Task<IReadOnlyList<ChainTransaction>> ReadTransactionsAsync() =>
        ChainTransaction.ReadAllAsync(Node, _firstBlock, Head.Number);

    /// <summary>What a fill that is in a block earns when its request ends.</summary>
    public UInt256 RewardOf(ChainTransaction fill)
    {
        var (request, at) = _requests.Single(known => SlotsOf(known.Request).Any(slot => slot.SlotId == fill.Slot));
        var seconds = at.Plus(request.Ask.DurationSeconds).SecondsSince(fill.At);
        return request.Ask.PricePerBytePerSecond * request.Ask.SlotSizeBytes * seconds;
    }

    /// <summary>What the contract refused a transaction with, as the first four bytes in hexadecimal digits.</summary>
    public async Task<string> FindRefusalAsync(ChainTransaction reverted)
    {
        var trace = await Node.Rpc.CallAsync(
            "debug_traceTransaction", reverted.Hash, new { tracer = "callTracer" });
        return trace.TryGetProperty("output", out var output) ? output.GetString()![..10] : "0x";
    }

    public static IEnumerable<SlotKey> SlotsOf(StorageRequest request) => Enumerable
        .Range(0, (int)request.Ask.Slots)
        .Select(index => new SlotKey(RequestId.Of(request), (ulong)index));

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _loop.Dispose();
    }

    // The contract alone says which of them are missing: it is told of all, in every block in which it listens.
    private async Task ReportMissingAsync()
    {
        const ulong gas = 500_000;
        var past = (Head.Time.Value + BlockSeconds - 1) / _periodSeconds;
        var reports = _requests.SelectMany(known => SlotsOf(known.Request)).Select(slot => new
        {
            from = $"{Validator}",
            to = $"{Contract.Marketplace}",
            data = $"{MarketplaceCalls.MarkProofAsMissing(slot.SlotId, past - 1)}",
            gas = Quantity.Of(gas),
        });
        await Node.Rpc.CallAllAsync([.. reports.Select(report => ("eth_sendTransaction", new object?[] { report }))]);
    }
}
