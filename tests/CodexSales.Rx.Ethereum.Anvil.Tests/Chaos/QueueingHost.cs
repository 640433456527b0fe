using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;
using CodexSales.Rx.Ethereum.Anvil.Tests.Market;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Chaos;

/// <summary>A host that queues every slot that is open on a real node, reserves those that it is told to, and sells none.</summary>
internal sealed class QueueingHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EventLoopScheduler _loop = new();
    private readonly LocalKeySigner _signer;
    private readonly EthereumMarket _market;
    private readonly SalesPipeline _pipeline;
    private readonly List<Task> _reserving = [];

    public QueueingHost(HostSettings settings, int seed = 0, bool isPendingLatest = false)
    {
        Assert.True(RpcEndpoint.TryParse($"{settings.Node}", out var endpoint, out var problem), problem);
        Link = new TroubledLink(new WebSocketRpcTransport(endpoint, Impatient, _loop), seed, isPendingLatest);
        Intake = new MarketIntake(
            Link,
            settings.Marketplace,
            new MarketIntakeOptions
            {
                ChainId = HostSettings.ChainId,
                PollInterval = TimeSpan.FromMilliseconds(20),
                LongestBackOff = TimeSpan.FromMilliseconds(20),
            },
            null,
            _loop);
        _signer = LocalKeySigner.FromKey(settings.Key);
        _market = new EthereumMarket(
            Link,
            new ContractLocation(HostSettings.ChainId, settings.Marketplace),
            _signer,
            new NotedTransactions(),
            new TransactionOptions(),
            Intake.Events.Do(Note),
            Intake.Heads,
            Intake.FinalHeads,
            _loop);
        _market.TransactionNotices
            .Where(notice => notice.Kind != TransactionNoticeKind.Trouble)
            .Subscribe(Notices.Enqueue);
        _pipeline = new SalesPipeline(
            _market,
            new QuickStorage(),
            new SimulatedProver(_loop),
            new SalesPipelineOptions { Workers = 0, QueueCapacity = 100_000 },
            _loop);
        _ = _pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("all"),
            TotalBytes = ulong.MaxValue,
            MaxDurationSeconds = ulong.MaxValue,
            MinPricePerBytePerSecond = 0,
            TotalCollateral = UInt256.MaxValue,
        });
        _pipeline.Steps.Subscribe(_ => { }, error => Error = error);
        _ = _pipeline.StartAsync();
    }

    public TroubledLink Link { get; }

    public MarketIntake Intake { get; }

    public Address Account => _signer.Account;

    public Exception? Error { get; private set; }

    /// <summary>What was told of reservations, in order.</summary>
    public ConcurrentQueue<TransactionNotice> Notices { get; } = new();

    /// <summary>What was told last of each reservation.</summary>
    public IReadOnlyDictionary<SlotId, TransactionNotice> Reservations => Notices
        .GroupBy(notice => notice.Purpose.Slot!.Value.SlotId)
        .ToDictionary(ofSlot => ofSlot.Key, ofSlot => ofSlot.Last());

    /// <summary>Whether it is told of each reservation what became of it, and no reorganisation has taken that back.</summary>
    public bool IsSettled => _reserving.TrueForAll(reserving => reserving.IsCompleted) && Reservations.Values.All(
        notice => notice.Kind is TransactionNoticeKind.Landed or TransactionNoticeKind.Reverted
            or TransactionNoticeKind.Refused or TransactionNoticeKind.NotSent);

    /// <summary>How many events were taken back.</summary>
    public int Reverts { get; private set; }

    /// <summary>What was told and not taken back since.</summary>
    public List<MarketEvent> Net { get; } = [];

    public UInt128 OpenSlots => _pipeline.CountOpenSlots();

    /// <summary>Every slot in the queue, and what it pays and costs.</summary>
    public IReadOnlyList<(SlotKey Slot, SlotTerms Terms)> Queue => [.. _pipeline.Queue.Snapshot.Items
        .Select(open => (open.Slot, open.Terms))
        .OrderBy(open => $"{open.Slot}", StringComparer.Ordinal)];

    // A connection that says nothing is given up in a second and a half.
    private static RpcOptions Impatient => new()
    {
        Timeout = TimeSpan.FromSeconds(1),
        Silence = TimeSpan.FromSeconds(0.5),
        LongestBackOff = TimeSpan.FromMilliseconds(10),
    };

    /// <summary>Sends a reservation.</summary>
    public void Reserve(SlotKey slot) => _reserving.Add(_market.ReserveSlotAsync(slot, CancellationToken.None));

    /// <summary>Waits until it has queued a slot, and so everything that came before it.</summary>
    public async Task ReachAsync(SlotKey slot) => await _pipeline.Queue.Watch(slot)
        .FirstAsync(watched => watched.Item is not null)
        .Timeout(Patience, _loop);

    public void Dispose()
    {
        _pipeline.Dispose();
        _market.Dispose();
        Link.Dispose();
        _signer.Dispose();
        _loop.Dispose();
    }

    private void Note(MarketEvent happened)
    {
        if (happened is Reverted reverted)
        {
            Reverts++;
            Assert.Equal(Net[^1], reverted.Original);
            Net.RemoveAt(Net.Count - 1);
        }
        else if (happened is not BlockTold)
        {
            Net.Add(happened);
        }
    }
}
