using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// A host that sells on a real node: all of it is real but for its data, its proofs and the pace of time.
/// </summary>
internal sealed class SellingHost : IDisposable
{
    private readonly EventLoopScheduler _loop = new();
    private readonly QuickStorage _storage = new();
    private readonly TaskCompletionSource _failed = new();
    private readonly SqliteSalesStore _store;
    private readonly IRpcLink _link;
    private readonly ISigner _signer;
    private readonly MarketIntake _intake;
    private readonly EthereumMarket _market;

    public SellingHost(HostSettings settings)
    {
        Assert.True(RpcEndpoint.TryParse($"{settings.Node}", out var endpoint, out var problem), problem);
        var time = new QuickenedTime(_loop, settings.Quickening);
        IScheduler chain = settings.IsPaced ? time : _loop;
        _store = SqliteSalesStore.Open(new SqliteStoreOptions { Path = settings.StorePath });
        _link = settings.Link is { } link ? link(endpoint, chain)
            : endpoint.IsWebSocket ? new WebSocketRpcTransport(endpoint, null, chain)
            : new HttpRpcTransport(endpoint, null, chain);
        _signer = settings.Signer ?? LocalKeySigner.FromKey(settings.Key);
        _intake = new MarketIntake(
            _link,
            settings.Marketplace,
            new MarketIntakeOptions
            {
                ChainId = HostSettings.ChainId,
                PollInterval = endpoint.IsWebSocket ? TimeSpan.FromSeconds(4)
                    : settings.IsPaced ? TimeSpan.FromSeconds(1)
                    : TimeSpan.FromMilliseconds(10),
            },
            _store.Cursor,
            chain);
        _market = new EthereumMarket(
            _link,
            new ContractLocation(HostSettings.ChainId, settings.Marketplace),
            _signer,
            _store.Transactions,
            new TransactionOptions { WatchInterval = TimeSpan.FromSeconds(1) },
            _intake.Events,
            _intake.Heads,
            _intake.FinalHeads,
            chain);
        Pipeline = new SalesPipeline(
            _market,
            _storage,
            new SimulatedProver(time),
            new SalesPipelineOptions { Seed = settings.Account, Workers = settings.Workers },
            time,
            _store);
        Offer = new Availability
        {
            Id = new AvailabilityId("v1"),
            TotalBytes = settings.TotalBytes,
            MaxDurationSeconds = 30 * 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 1_000_000_000_000,
        };
    }

    public SalesPipeline Pipeline { get; }

    public Address Account => _signer.Account;

    public ConcurrentQueue<SaleStep> Steps { get; } = new();

    /// <summary>Is told each step as it comes.</summary>
    public Action<SaleStep> Told { get; init; } = _ => { };

    /// <summary>Never ends well: fails when the pipeline does.</summary>
    public Task Failure => _failed.Task;

    /// <summary>What the node has of what it sent.</summary>
    public IObservable<TransactionNotice> Sent =>
        _market.TransactionNotices.Where(notice => notice.Kind is TransactionNoticeKind.Sent);

    /// <summary>The newest block, each time that it hears of one.</summary>
    public IObservable<BlockStamp> Heads => _intake.Heads;

    public ICollection<SlotKey> StoredSlots => _storage.Stored;

    private Availability Offer { get; }

    /// <summary>Offers the space, unless the store remembers that it is offered, and sells from now on.</summary>
    public async Task RunAsync()
    {
        if (Pipeline.Availabilities.Snapshot.Count == 0)
        {
            await Pipeline.Availabilities.SaveAsync(Offer);
        }

        Pipeline.Steps.Subscribe(Tell, _failed.SetException);
        _ = Pipeline.StartAsync();
    }

    /// <summary>Waits until it has heard of a block.</summary>
    public async Task ReachAsync(ulong block, CancellationToken cancellation)
    {
        var reached = _intake.Heads.FirstAsync(head => head.Number >= block).ToTask(cancellation);
        await await Task.WhenAny(reached, _failed.Task);
    }

    public void Dispose()
    {
        Pipeline.Dispose();
        _market.Dispose();
        _link.Dispose();
        (_signer as IDisposable)?.Dispose();
        _store.Dispose();
        _loop.Dispose();
    }

    private void Tell(SaleStep step)
    {
        Steps.Enqueue(step);
        Told(step);
    }
}
