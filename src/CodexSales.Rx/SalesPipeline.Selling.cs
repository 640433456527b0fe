using System.Reactive.Subjects;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Working;

namespace CodexSales.Rx;

/// <content>The whole stream, from events to slots that are paid and cleaned up.</content>
public sealed partial class SalesPipeline
{
    private const ulong LongestPeriodSeconds = 1_000_000_000;

    private IObservable<SaleStep> Sell(MarketRules rules) => Observable.Create<SaleStep>(steps =>
    {
        if (rules.ProofPeriodSeconds is 0 or > LongestPeriodSeconds)
        {
            throw new InvalidOperationException(
                $"The market tells of a proof period of {rules.ProofPeriodSeconds} s; 1 to {LongestPeriodSeconds} s are expected.");
        }

        _told.PeriodSeconds = rules.ProofPeriodSeconds;
        var router = new MarketEventRouter();
        var limits = new TrackingLimits(_options.MaxRequests, _options.MaxChangedSlotsPerRequest);
        var openSlots = _openSlots = new RequestTracker(
            limits, rules.RepairRewardPercent, new Random(_options.Seed), Refuse);
        _recovery.ShunLostSlots(openSlots);
        var agent = new SalesAgent(
            _market, _storage, _prover, Availabilities, _log, _clock, _told, router, openSlots, rules,
            _options.Selling, _retry, _ports, _pace, _caution, _core);
        var filter = new AvailabilityFilter(Availabilities, Refuse, openSlots.NoteTaken);
        var over = new Subject<SaleEnded>();
        var writtenOff = new HashSet<SlotId>();

        // The market's blocks and events. Whoever looks at an event sees the time of its block.
        var heads = _market.Heads.LeftInPeace(Report).NeverEnding("blocks").ObserveOn(_core).Do(TellHead).Publish();
        var finals = _market.FinalHeads.LeftInPeace(Report).NeverEnding("final blocks").ObserveOn(_core).Do(_told.TellFinal);
        var firstHead = heads.Take(1).Replay();
        var events = _market.Events.LeftInPeace(Report)
            .NeverEnding("events")
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
        var needWorker = _recovery.Remembered().ToLookup(sale => sale.Stored is { } left && left.State.IsAcquiring());
        var acquired = Workers.Occupy(Start, needWorker[true].Select(Resume).ToList());
        var resumed = needWorker[false].Select(Resume).ToList().Merge()
            .Merge(firstHead.ObserveOn(_core).SelectMany(_ => Strays()).SelectMany(Resume));

        // Hosting goes on without a worker, as long as the request runs.
        var sales = acquired.Merge(resumed)
            .SelectMany(state => state is SaleProving or SaleSettling
                ? agent.Host(state).StartWith(state).DoOnFirst(hosted => hosted is SaleProving, NoteSold)
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

        var listening = new CompositeDisposable(
            sales.Where(state => state is not (SaleEnded or SaleSettling))
                .Merge(cleanedUp)
                .Select(StepOf)
                .Do(Sales.Note)
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
        _run.NoteStarted();
        return listening;

        // The chain audits us: once a period, and after each reorganisation. What nobody here knows of is asked about once more: the
        // answer may be as of a block before the one in which its sale has ended meanwhile.
        IObservable<SaleUnknown> Strays() => _told.Looks
            .Select(_ => _retry.RetryForever(
                from mine in _retry.AskAsOf(_told, _market.GetMySlotsAsync)
                let unknown = mine.Except(openSlots.Active.All.Select(slot => slot.SlotId)).Except(WrittenOff(mine)).ToList()
                from still in unknown.Count == 0
                    ? Observable.Return(mine)
                    : _retry.AskAsOf(_told, _market.GetMySlotsAsync)
                let strays = unknown.Intersect(still).ToList()
                from hosted in strays.Count == 0
                    ? Observable.Return<IReadOnlyList<HostedSlot>>([])
                    : _retry.AskAsOf(_told, (asOf, ct) => _market.GetHostedSlotsAsync(strays, asOf, ct))
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

        // A sale may have ended but for what blocks may take back, and be filled after all.
        void NoteSold(SaleState state) => openSlots.NoteSold(state.Sale.Slot.RequestId);

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
                    $"No availability has room for slot {sale.Sale.Slot.ToShortString()}, whose sale was under way."));
            }

            return firstHead.ObserveOn(_core).Select(_ => sale).SelectMany(agent.Resume)
                .DoOnFirst(state => state is not SaleUnknown, state => TellRecovered(sale, state));
        }

        // A request of which sale after sale comes to nothing leaves the workers to others for a while. The slot that failed last
        // is offered again after its others.
        IObservable<SlotGroupChanges> OfferAgain(SaleEnded ended)
        {
            var pause = _options.Selling.SecondTryPause;
            var request = ended.IsFailure ? openSlots.PauseRequest(ended.Sale.Offer, pause) : null;
            var slot = ended.Again is RequeuePolicy.AfterPause && openSlots.IsSameOffer(ended.Sale.Offer) is not false
                ? After(openSlots.PauseBeforeNextTry(ended.Sale.Slot, pause) + (request?.For ?? TimeSpan.Zero), () => Return(ended))
                : Return(ended) is { } back ? Observable.Return(back) : Observable.Empty<SlotGroupChanges>();
            return request is var (change, time, paused)
                ? slot.Merge(After(time, () => openSlots.Resume(paused))).StartWith(change)
                : slot;
        }

        IObservable<SlotGroupChanges> After(TimeSpan pause, Func<SlotGroupChanges?> change) =>
            Observable.Timer(pause, _core).SelectMany(_ => change() is { } happened ? [happened] : Array.Empty<SlotGroupChanges>());

        // Space may have become free while the end was being saved. Without this check the slot would stay deferred.
        SlotGroupChanges? Return(SaleEnded ended) =>
            openSlots.Return(
                ended.Sale.Offer,
                ended.Again is not RequeuePolicy.Never,
                isDeferred: ended.Again is RequeuePolicy.WhenAvailabilityWidens
                    && !Availabilities.Takes(ended.Sale.Terms, out _),
                isLost: ended.Reason is SaleReason.ForcedOut);
    });

    // The first state that follows from what the chain said.
    private void TellRecovered(SaleUnknown before, SaleState now) =>
        _recovered.Tell(new RecoveredSale(_clock.Now, before.Sale, before.Stored?.State, now.Name));

    private SaleStep StepOf(SaleState state) => new(
        _clock.Now,
        state.Sale,
        state.Name,
        state switch
        {
            SaleWithStake { Stake.MissedProofs: var missed } => missed,
            SaleUnknown { Stored.MissedProofs: var missed } => missed,
            SaleEnded { Stake.MissedProofs: var missed } => missed,
            _ => 0,
        },
        state is SaleEnded ended ? CleanUpOperators.EndOf(ended) : null);
}
