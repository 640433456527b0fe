using System.Diagnostics.Metrics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Diagnostics;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Health;
using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Threading;
using CodexSales.Rx.Time;
using CodexSales.Rx.Working;

namespace CodexSales.Rx;

/// <summary>
/// Sells the provider's space: from the events of the market to slots that are hosted, paid and cleaned up. Read
/// <see cref="Sell(Stages, IObserver{SaleStep})"/> first: it is the whole stream.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="StartAsync"/> starts it, once; <see cref="StopAsync"/> ends it. In between it never ends by itself but with an error:
/// a bug, or the market's events can't be trusted any more, and nothing is sold until another pipeline runs. Then
/// <see cref="Completion"/> and <see cref="Steps"/> end with that error.
/// </para>
/// <para>
/// Each decision is written to a store before it is acted on, so that another process can go on where one ended. The store
/// is read when the pipeline is made.
/// </para>
/// <para>
/// Counters and gauges are told under the meter "CodexSales.Rx".
/// </para>
/// <para>
/// Threading: every member may be used from any thread, and waits for none. Everything is decided on the core scheduler, one
/// thing after another; it must run one action at a time (an <see cref="EventLoopScheduler"/> in production, a virtual-time
/// scheduler in tests). All time is that scheduler's. Subscribers are notified there; one that throws is detached and told by
/// <see cref="Troubles"/>, and nothing else changes. A task that is handed out never goes on with its awaiter there.
/// </para>
/// <para>
/// Once it is disposed of, a command (also of what it is made of) throws an <see cref="ObjectDisposedException"/>, or its task
/// fails with it; what is observed is complete; what can be looked at says what it said last.
/// </para>
/// </remarks>
public sealed partial class SalesPipeline : IDisposable, IAsyncDisposable
{
    private readonly IMarket _market;
    private readonly ISlotStorage _storage;
    private readonly IProver _prover;
    private readonly SalesPipelineOptions _options;
    private readonly SingleRun _run;
    private readonly Publication<Refusal> _refusals;
    private readonly Publication<SaleTrouble> _troubles;
    private readonly Publication<RecoveredSale> _recovered;
#pragma warning disable CA2213 // Disposed of on the core, which the rule does not see.
    private readonly Core _core;
    private readonly ChainClock _clock;
    private readonly ToldBlocks _told = new();
    private readonly Retry _retry;
    private readonly PortWatch _ports;
    private readonly ProverPace _pace;
    private readonly Caution _caution;
    private readonly StoreWriter _log;
    private readonly Recovery _recovery;
    private readonly SalesMetrics _metrics;
    private readonly SerialDisposable _patience = new();
#pragma warning restore CA2213
    private volatile ImmutableDictionary<RefusalReason, long> _refused = ImmutableDictionary<RefusalReason, long>.Empty;
    private volatile RequestTracker? _openSlots;

    /// <summary>Makes a pipeline that does nothing until it is run.</summary>
    /// <param name="market">The marketplace.</param>
    /// <param name="storage">Where the data of slots is kept.</param>
    /// <param name="prover">Makes proofs.</param>
    /// <param name="options">Limits and choices.</param>
    /// <param name="core">Where everything is decided and all time passes.</param>
    /// <param name="store">Its memory over restarts; by default none: the chain tells which slots are hosted.</param>
    /// <param name="priority">The host's own order of slots, in place of reward, collateral, expiry and size.</param>
    /// <param name="meters">Whose meter the pipeline's is, as collectors that ask for one factory's meters see it.</param>
    /// <exception cref="ArgumentException">
    /// Options are out of range, and the message names each of them; or the core scheduler runs an action inside of the call that
    /// schedules it, or two at once.
    /// </exception>
    /// <exception cref="SalesStoreException">The store can't be read; the message says why.</exception>
    public SalesPipeline(
        IMarket market,
        ISlotStorage storage,
        IProver prover,
        SalesPipelineOptions options,
        IScheduler core,
        ISalesStore? store = null,
        IComparer<SlotTerms>? priority = null,
        IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(prover);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(core);
        options = options with { Selling = options.Selling with { } }; // Later changes would not be validated.
        OptionErrors.ThrowAny(options.FindErrors());
        store = store is null ? new MemorySalesStore() : new NoNullStore(store);
        _core = Core.On(core);
        (_market, _storage, _prover) = (new NoNullMarket(market), new NoNullStorage(storage), new NoNullProver(prover));
        _options = options;
        _refusals = new Publication<Refusal>(_core, Report);
        _troubles = new Publication<SaleTrouble>(_core, Report);
        _recovered = new Publication<RecoveredSale>(_core, Report);
        _clock = new ChainClock(_core);
        _ports = new PortWatch(_core);
        _pace = new ProverPace(_told, options.Selling, _core, NoteProof, NoteSlowProof);
        _caution = new Caution(_told, _pace, _ports, options.Selling);
        _retry = new Retry(options.Selling, new Random(options.Seed), Report, _ports, _core);
        _log = new StoreWriter(store, _retry);
        Availabilities = new AvailabilityLedger(_core, Report, _log.Save, () => _clock.Now);
        _recovery = new Recovery(store.Load(), Availabilities);
        Sales = new RunningSales(Report);
        Queue = new SlotQueue(options.QueueCapacity, priority, Report, _core);
        Workers = new Workers(options.Workers, options.MaxWorkers, Queue, _core, Report, _caution.WhyNot);
        _run = new SingleRun(_core, Observable.Defer(() => _retry.Ask(_market.GetRulesAsync).SelectMany(Sell)), Report);
        _metrics = new SalesMetrics(
            meters, options.InstanceName, () => Health, () => _openSlots?.RequestCount ?? 0, () => Workers.Tickets);
        _core.WhenSchedulerEnds(Dispose);
    }

    /// <summary>What is for sale, and what of it is sold.</summary>
    public AvailabilityLedger Availabilities { get; }

    /// <summary>The slots that can be sold now, best first.</summary>
    public SlotQueue Queue { get; }

    /// <summary>Who acquires slots: how many at once, what they are doing, and a way to pause them.</summary>
    public Workers Workers { get; }

    /// <summary>
    /// Each step of each sale, hot: any number of observers may join late and leave. <see cref="SaleStepOperators"/> picks the
    /// steps that most hosts wait for; <see cref="Sales"/> has where each sale is now.
    /// </summary>
    public IObservable<SaleStep> Steps => _run.Steps;

    /// <summary>The sales under way: what each agent is doing.</summary>
    public RunningSales Sales { get; }

    /// <summary>Requests and slots that are not for sale, as they come, and why.</summary>
    public IObservable<Refusal> Refusals => _refusals;

    /// <summary>What failed for now and is tried again, and subscribers that threw and were detached.</summary>
    public IObservable<SaleTrouble> Troubles => _troubles;

    /// <summary>
    /// What became of each sale that was under way when the process before ended: what the store remembers of it, what
    /// the chain says, and how the two were reconciled.
    /// </summary>
    public IObservable<RecoveredSale> Recovered => _recovered;

    /// <summary>What time it is on the chain.</summary>
    public UnixSeconds ChainTime => _clock.Now;

    /// <summary>The newest block that was heard of.</summary>
    public BlockStamp Head => _told.Head;

    /// <summary>
    /// How it is doing: whether it sells, and if not, why. From any thread; O(availabilities + ports) and what a look at
    /// the books costs.
    /// </summary>
    public SalesHealth Health => new()
    {
        At = _core.Now,
        Head = _told.Head == default ? null : _told.Head,
        SinceHead = _clock.SinceHeard,
        Workers = Workers.Snapshot,
        Queued = Queue.Count,
        OpenSlots = CountOpenSlots(),
        Hosted = _caution.Hosted,
        ProofsPerPeriod = _pace.ProofsPerPeriod,
        SlowestProof = _pace.SlowestProof,
        TimeToProve = _told.Head == default ? null : _pace.TimeToProve,
        MissedProofs = _caution.MissedProofs,
        FailingPorts = _ports.Failing,
        Refused = _refused,
        Books = Availabilities.Totals,
    };

    /// <summary>
    /// How many slots of the whole market can be filled now, whether an availability takes them or not; 0 before it is
    /// run. From any thread; O(1).
    /// </summary>
    public UInt128 CountOpenSlots() => _openSlots?.CountOpenSlots() ?? 0;

    /// <summary>
    /// What an availability would take of the market as it is now, were it saved so: to see what a price brings before it is asked.
    /// Changes nothing.
    /// </summary>
    /// <param name="draft">The availability; one of the same name keeps what its sales hold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Done on the core: O(requests that are known).</remarks>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed of.</exception>
    public Task<OfferPreview> PreviewAsync(Availability draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _core.Command<OfferPreview>(answer =>
        {
            var held = Availabilities.Snapshot.FirstOrDefault(balance => balance.Availability.Id == draft.Id);
            answer.TrySetResult(OfferPreview.Of(
                held is null ? new AvailabilityBalance(draft, 0, 0, UInt256.Zero, 0) : held with { Availability = draft },
                _openSlots?.OpenOffers ?? []));
        }, cancellationToken);
    }

    private void Refuse(SlotTerms terms, ulong? slotIndex, RefusalReason reason) => Refuse(new Refusal(
        _clock.Now,
        terms.RequestId,
        slotIndex,
        reason,
        $"No availability takes {terms.Ask.SlotSizeBytes} bytes for {terms.DurationSeconds} s until {terms.EndsAt} "
            + $"at {terms.Ask.PricePerBytePerSecond} for each byte and second, with a collateral of "
            + $"{terms.Collateral}.")
    {
        Offered = AvailabilityBalance.Compared(reason, terms),
        Limit = Availabilities.ClosestLimit(reason, terms),
    });

    private void Refuse(Refusal refusal)
    {
        _metrics.Note(refusal);
        _refused = _refused.SetItem(refusal.Reason, _refused.GetValueOrDefault(refusal.Reason) + 1);
        _refusals.Tell(refusal);
    }

    private void NoteProof(TimeSpan took) => _metrics.NoteProof(took, _told.PeriodSeconds);

    private void NoteSlowProof(string what, bool isGivenUp)
    {
        if (isGivenUp)
        {
            _ports.NoteFailure(HostPort.Prover, what);
        }

        Report(new InvalidOperationException(what));
    }

    // A cache tells of its subscribers on whatever thread they came by.
    private void Report(Exception error) => _core.Enter(() =>
    {
        _metrics.NoteTrouble();
        _troubles.Tell(new SaleTrouble(_clock.Now, error));
    });
}
