using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Diagnostics;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Health;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Storage;
using CodexSales.Rx.Storing;
using CodexSales.Rx.Threading;
using CodexSales.Rx.Time;
using CodexSales.Rx.Tracking;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Pipeline;

/// <summary>
/// Sells the provider's space: from the events of the market to slots that are hosted, paid and cleaned up. Read
/// <see cref="Sell"/> first: it is the whole stream.
/// </summary>
/// <remarks>
/// <para>
/// Subscribing to <see cref="Run"/> starts it; disposing that subscription stops it and cancels what is in flight, while
/// <see cref="StopAsync"/> waits for that. It never ends by itself but with an error: a bug, or the market's events can't be
/// trusted any more, and nothing is sold until another pipeline runs.
/// </para>
/// <para>
/// What it decides is written to a store before it is acted on, so that another process can go on where one ended. What
/// the store remembers is read when the pipeline is made.
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
    private readonly DecisionLog _log;
    private readonly Recovery _recovery;
    private readonly SalesMetrics _metrics;
    private readonly SerialDisposable _patience = new();
#pragma warning restore CA2213
    private volatile ImmutableDictionary<RefusalReason, long> _refused = ImmutableDictionary<RefusalReason, long>.Empty;
    private volatile OpenSlots? _openSlots;

    /// <summary>Makes a pipeline that does nothing until it is run.</summary>
    /// <param name="market">The marketplace.</param>
    /// <param name="storage">Where the data of slots is kept.</param>
    /// <param name="prover">Makes proofs.</param>
    /// <param name="options">Limits and choices.</param>
    /// <param name="core">Where everything is decided and all time passes.</param>
    /// <param name="store">
    /// What outlives the process. By default nothing does: then the chain alone tells at the start which slots are hosted.
    /// </param>
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
        ISalesStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(prover);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(core);
        options.Validate();
        store ??= new MemorySalesStore();
        _core = Core.On(core);
        (_market, _storage, _prover, _options) = (market, storage, prover, options);
        _refusals = new Publication<Refusal>(_core, Report);
        _troubles = new Publication<SaleTrouble>(_core, Report);
        _recovered = new Publication<RecoveredSale>(_core, Report);
        _clock = new ChainClock(_core);
        _ports = new PortWatch(_core);
        _pace = new ProverPace(_told, options.Selling, _core);
        _caution = new Caution(_told, _pace, _ports, options.Selling);
        _retry = new Retry(options.Selling, new Random(options.Seed), Report, _ports, _core);
        _log = new DecisionLog(store, _retry);
        Availabilities = new AvailabilityLedger(_core, Report, _log.Save, () => _clock.Now);
        _recovery = new Recovery(store.Load(), Availabilities);
        Agents = new RunningSales(Report);
        Queue = new SlotQueue(options.QueueCapacity, options.Priority, Report, _core);
        Workers = new Workers(options.Workers, options.MaxWorkers, Queue, _core, Report, _caution.WhyNot);
        _run = new SingleRun(_core, Observable.Defer(() => _retry.Ask(_market.GetRulesAsync).SelectMany(Sell)), Report);
        _metrics = new SalesMetrics(
            () => _openSlots?.RequestCount ?? 0,
            () => Queue.Count,
            () => Workers.Tickets,
            () => Workers.Current.OldestTicket is { } oldest ? (_core.Now - oldest).TotalSeconds : 0,
            () => Workers.Current.Busy,
            () => Agents.Count);
    }

    /// <summary>What is for sale, and what of it is sold.</summary>
    public AvailabilityLedger Availabilities { get; }

    /// <summary>The slots that can be sold now, best first.</summary>
    public SlotQueue Queue { get; }

    /// <summary>Who acquires slots: how many at once, what they are doing, and a way to pause them.</summary>
    public Workers Workers { get; }

    /// <summary>The sales under way: what each agent is doing.</summary>
    public RunningSales Agents { get; }

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
        Workers = Workers.Current,
        Queued = Queue.Count,
        OpenSlots = CountOpenSlots(),
        Hosted = _caution.Hosted,
        ProofsPerPeriod = _pace.ProofsPerPeriod,
        MissedProofs = _caution.MissedProofs,
        FailingPorts = _ports.Failing,
        Refused = _refused,
        Books = Availabilities.InAll,
    };

    /// <summary>
    /// How many slots of the whole market can be filled now, whether an availability takes them or not; 0 before it is
    /// run. From any thread; O(1).
    /// </summary>
    public UInt128 CountOpenSlots() => _openSlots?.CountOpenSlots() ?? 0;

    /// <summary>
    /// Runs the pipeline: notifies of each step of each sale, on the core scheduler. Can be run once.
    /// </summary>
    /// <remarks>
    /// What its observer throws ends the run as unsubscribing does, is told by <see cref="Troubles"/>, and comes to that
    /// observer's OnError; where it has none, to the core scheduler. It is complete when the pipeline is disposed of.
    /// <see cref="SaleStepOperators"/> picks the steps that most hosts wait for: a slot is hosted, a proof was missed, a
    /// sale is over.
    /// </remarks>
    /// <exception cref="InvalidOperationException">To the observer: it was run before.</exception>
    /// <exception cref="ObjectDisposedException">To the observer: the pipeline is disposed of.</exception>
    public IObservable<SaleStep> Run() => _run;

    private IObservable<SaleStep> Sell(MarketRules rules) => Observable.Create<SaleStep>(steps =>
    {
        _told.PeriodSeconds = rules.ProofPeriodSeconds;
        var router = new MarketEventRouter();
        var limits = new TrackingLimits(_options.MaxRequests, _options.MaxChangedSlotsPerRequest);
        var openSlots = _openSlots = new OpenSlots(
            limits, rules.RepairRewardPercent, new Random(_options.Seed), Refuse);
        _recovery.ShunLostSlots(openSlots);
        var agent = new SalesAgent(
            _market, _storage, _prover, Availabilities, _log, _clock, _told, router, openSlots, rules,
            _options.Selling, _retry, _ports, _pace, _caution, _core);
        var filter = new AvailabilityFilter(Availabilities, Refuse, openSlots.NoteTaken);
        var over = new Subject<SaleEnded>();
        var writtenOff = new HashSet<SlotId>();

        // The market's blocks and events. Whoever looks at an event sees the time of its block.
        var heads = _market.Heads.ObserveOn(_core).Do(TellHead).Publish();
        var finals = _market.FinalHeads.ObserveOn(_core).Do(_told.TellFinal);
        var firstHead = heads.Take(1).Replay();
        var events = _market.Events
            .Concat(Observable.Throw<MarketEvent>(
                new InvalidOperationException("The market's events have ended; they never should.")))
            .ObserveOn(_core)
            .Do(_told.TellEvent)
            .Publish();

        // Which slots are open; which of them some availability takes; those, best first, are the queue. A slot whose
        // sale came to nothing may be open again.
        var queued = events.TrackOpenSlots(openSlots, _clock)
            .Merge(over.SelectMany(OfferAgain))
            .FilterByAvailability(filter, Availabilities.Changes)
            .Do(Queue.Apply);

        // A free worker takes the best slot and is busy until it is filled, or given up. What a restart interrupted goes
        // on first; what is filled already needs no worker, nor what the chain says is ours and nobody here knows of.
        var needWorker = _recovery.Remembered().ToLookup(sale => sale.Left is { } left && left.State.IsAcquiring());
        var acquired = Workers.Occupy(Start, needWorker[true].Select(Resume).ToList());
        var resumed = needWorker[false].Select(Resume).ToList().Merge()
            .Merge(firstHead.ObserveOn(_core).SelectMany(_ => Strays()).SelectMany(Resume));

        // Hosting goes on without a worker, as long as the request runs.
        var sales = acquired.Merge(resumed)
            .Do(state =>
            {
                if (state is SaleProving)
                {
                    openSlots.NoteSold(state.Sale.Slot.RequestId);
                }
            })
            .SelectMany(state => state is SaleProving or SaleSettling
                ? agent.Host(state).StartWith(state)
                : Observable.Return(state))
            .Publish();

        // Every sale ends once, and afterwards nothing of it is left.
        var cleanedUp = sales.OfType<SaleEnded>()
            .CleanUp(_storage, Availabilities, _log, () => _clock.Now, _retry)
            .Do(ended =>
            {
                if (ended.Reason is SaleReason.RequestExpired or SaleReason.Paid)
                {
                    writtenOff.Add(ended.Sale.Slot.SlotId);
                }
            })
            .Do(over.OnNext);

        return new CompositeDisposable(
            sales.Where(state => state is not (SaleEnded or SaleSettling))
                .Merge(cleanedUp)
                .Select(StepOf)
                .Do(Agents.Note)
                .Do(_caution.Note)
                .Do(_metrics.Note)
                .Subscribe(steps),
            queued.Subscribe(_ => { }, steps.OnError),
            events.Subscribe(happened => Workers.NoteEvents(happened is BlockTold), steps.OnError),
            heads.Subscribe(_ => { }, steps.OnError),
            firstHead.Connect(),
            heads.Connect(),
            finals.Subscribe(_ => { }, steps.OnError), // After the heads: what was replaced is known before another block is final.
            events.Subscribe(router.Route, steps.OnError),
            sales.Connect(),
            events.Connect(),
            over);

        // The chain audits us: once a period, and after each reorganisation.
        IObservable<SaleUnknown> Strays() => _told.Looks
            .Select(_ => _retry.Persist(
                from mine in _retry.AskAsOf(_told, _market.GetMySlotsAsync)
                let unknown = mine.Except(openSlots.Active.All.Select(slot => slot.SlotId)).Except(WrittenOff(mine)).ToList()
                from hosted in unknown.Count == 0
                    ? Observable.Return<IReadOnlyList<HostedSlot>>([])
                    : _retry.AskAsOf(_told, (asOf, ct) => _market.GetHostedSlotsAsync(unknown, asOf, ct))
                select hosted))
            .Switch()
            .SelectMany(hosted => hosted.Where(mine => !openSlots.Active.Contains(mine.Slot.RequestId, mine.Slot.SlotIndex)))
            .Select(slot => _recovery.Adopt(slot, _clock.Now));

        // A slot that was filled in the very second of its request's end or expiry stays on the contract's list for ever.
        HashSet<SlotId> WrittenOff(IReadOnlyList<SlotId> mine)
        {
            writtenOff.IntersectWith(mine);
            return writtenOff;
        }

        void TellHead(BlockStamp head)
        {
            _clock.Observe(head);
            _told.TellHead(head);
        }

        // A sale begins by itself on the core, not inside of the subscription that Merge makes.
        // A slot that the audit has found to be ours stands in the queue until its fill is told.
        IObservable<SaleState> Start(OpenSlot best)
        {
            if (openSlots.Active.Contains(best.Slot.RequestId, best.Slot.SlotIndex))
            {
                return Observable.Empty<SaleState>(_core);
            }

            openSlots.Activate(best.Slot);
            return Observable.Return(_recovery.NewSale(best, _clock.Now), _core).SelectMany(agent.Acquire);
        }

        IObservable<SaleState> Resume(SaleUnknown sale)
        {
            openSlots.Activate(sale.Sale.Slot);
            if (sale.Hold is null)
            {
                Report(new InvalidOperationException(
                    $"No availability has room for slot {sale.Sale.Slot}, whose sale was under way."));
            }

            return firstHead.ObserveOn(_core).Select(_ => sale).SelectMany(agent.Resume).Do(Settle(sale));
        }

        // A request of which sale after sale comes to nothing leaves the workers to others for a while. The slot that failed last
        // is offered again after its others.
        IObservable<LotChanges> OfferAgain(SaleEnded ended)
        {
            var pause = _options.Selling.SecondTryPause;
            var request = ended.IsFailure ? openSlots.PauseRequest(ended.Sale.Offer, pause) : null;
            var slot = ended.Again is SecondTry.AfterPause && openSlots.IsSameOffer(ended.Sale.Offer) is not false
                ? After(openSlots.PauseBeforeNextTry(ended.Sale.Slot, pause) + (request?.For ?? TimeSpan.Zero), () => Return(ended))
                : Return(ended) is { } back ? Observable.Return(back) : Observable.Empty<LotChanges>();
            return request is var (paused, time)
                ? slot.Merge(After(time, () => openSlots.Resume(ended.Sale.Slot.RequestId))).StartWith(paused)
                : slot;
        }

        IObservable<LotChanges> After(TimeSpan pause, Func<LotChanges?> change) =>
            Observable.Timer(pause, _core).SelectMany(_ => change() is { } happened ? [happened] : Array.Empty<LotChanges>());

        // While the end of a sale that found no space was written, some may have come: nothing would tell of it again.
        LotChanges? Return(SaleEnded ended) =>
            openSlots.Return(
                ended.Sale.Offer,
                ended.Again is not SecondTry.Never,
                isSeen: ended.Again is SecondTry.WhenAvailabilityWidens
                    && !Availabilities.Takes(ended.Sale.Terms, out _),
                isLost: ended.Reason is SaleReason.ForcedOut);
    });

    // Tells the host app of the first state that follows from what the chain said.
    private Action<SaleState> Settle(SaleUnknown before)
    {
        var isSettled = false;
        return state =>
        {
            if (state is not SaleUnknown && !isSettled)
            {
                isSettled = true;
                _recovered.Tell(new RecoveredSale(_clock.Now, before.Sale, before.Left?.State, state.Name));
            }
        };
    }

    private SaleStep StepOf(SaleState state) => new(
        _clock.Now,
        state.Sale,
        state.Name,
        state switch
        {
            SaleWithStake { Stake.MissedProofs: var missed } => missed,
            SaleUnknown { Left.MissedProofs: var missed } => missed,
            SaleEnded { MissedProofs: var missed } => missed,
            _ => 0,
        },
        state is SaleEnded ended ? CleanUpOperators.EndOf(ended) : null);

    private void Refuse(SlotTerms terms, ulong? slotIndex, RefusalReason reason) => Refuse(new Refusal(
        _clock.Now,
        terms.RequestId,
        slotIndex,
        reason,
        $"No availability takes {terms.Ask.SlotSizeBytes} bytes for {terms.DurationSeconds} s until {terms.EndsAt} "
            + $"at {terms.Ask.PricePerBytePerSecond} for each byte and second, with a collateral of "
            + $"{terms.Collateral}."));

    private void Refuse(Refusal refusal)
    {
        _metrics.Note(refusal);
        _refused = _refused.SetItem(refusal.Reason, _refused.GetValueOrDefault(refusal.Reason) + 1);
        _refusals.Tell(refusal);
    }

    // A cache tells of its subscribers on whatever thread they came by.
    private void Report(Exception error) => _core.Enter(() =>
    {
        _metrics.NoteTrouble();
        _troubles.Tell(new SaleTrouble(_clock.Now, error));
    });
}
