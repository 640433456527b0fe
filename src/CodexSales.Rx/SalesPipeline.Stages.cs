using CodexSales.Rx.Filtering;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx;

/// <content>How a sale begins, goes on, is found on the chain, and what becomes of its slot.</content>
public sealed partial class SalesPipeline
{
    private const ulong LongestPeriodSeconds = 1_000_000_000;

    private IObservable<SaleStep> Sell(MarketRules rules) => Observable.Create<SaleStep>(steps =>
    {
        var selling = Sell(MakeStages(rules), steps);
        _run.NoteStarted();
        return selling;
    });

    private Stages MakeStages(MarketRules rules)
    {
        if (rules.ProofPeriodSeconds is 0 or > LongestPeriodSeconds)
        {
            throw new InvalidOperationException(
                $"The market tells of a proof period of {rules.ProofPeriodSeconds} s; 1 to {LongestPeriodSeconds} s are expected.");
        }

        _told.PeriodSeconds = rules.ProofPeriodSeconds;
        var router = new MarketEventRouter();
        var limits = new TrackingLimits(_options.MaxRequests, _options.MaxChangedSlotsPerRequest);
        var openSlots = _openSlots = new RequestTracker(limits, rules.RepairRewardPercent, new Random(_options.Seed), Refuse);
        _recovery.ShunLostSlots(openSlots);
        var agent = new SalesAgent(
            _market, _storage, _prover, Availabilities, _log, _clock, _told, router, openSlots, rules,
            _options.Selling, _retry, _ports, _pace, _caution, _core);
        return new Stages(openSlots, new AvailabilityFilter(Availabilities, Refuse, openSlots.NoteTaken), agent, router);
    }

    // A sale begins by itself on the core, not inside of the subscription that Merge makes.
    // A slot that the audit has found to be ours stands in the queue until its fill is told.
    private IObservable<SaleState> Start(OpenSlot best, Stages stages)
    {
        if (stages.OpenSlots.Active.Contains(best.Slot.RequestId, best.Slot.SlotIndex))
        {
            return Observable.Empty<SaleState>(_core);
        }

        stages.OpenSlots.Activate(best.Slot);
        return Observable.Return(_recovery.NewSale(best, _clock.Now), _core).SelectMany(stages.Agent.Acquire);
    }

    private List<IObservable<SaleState>> Resume(IEnumerable<SaleUnknown> sales, Stages stages, Feeds market) =>
        [.. sales.Select(sale => Resume(sale, stages, market))];

    private IObservable<SaleState> Resume(SaleUnknown sale, Stages stages, Feeds market)
    {
        stages.OpenSlots.Activate(sale.Sale.Slot);
        if (sale.Hold is null)
        {
            Report(new InvalidOperationException(
                $"No availability has room for slot {sale.Sale.Slot.ToShortString()}, whose sale was under way."));
        }

        return market.FirstHead.ObserveOn(_core).Select(_ => sale).SelectMany(stages.Agent.Resume)
            .DoOnFirst(state => state is not SaleUnknown, state => TellRecovered(sale, state));
    }

    // The first state that follows from what the chain said.
    private void TellRecovered(SaleUnknown before, SaleState now) =>
        _recovered.Tell(new RecoveredSale(_clock.Now, before.Sale, before.Stored?.State, now.Name));

    // A sale may have ended but for what blocks may take back, and be filled after all.
    private static IObservable<SaleState> Host(SaleState filled, Stages stages) => stages.Agent.Host(filled)
        .StartWith(filled)
        .DoOnFirst(state => state is SaleProving, state => stages.OpenSlots.NoteSold(state.Sale.Slot.RequestId));

    // The chain audits us: once a period, and after each reorganisation. A slot that nobody here knows of is asked about
    // once more: the answer may be as of a block before the one in which its sale has ended meanwhile.
    private IObservable<SaleUnknown> Strays(Stages stages) => _told.Looks
        .Select(_ => _retry.RetryForever(
            from mine in _retry.AskAsOf(_told, _market.GetMySlotsAsync)
            let unknown = mine.Except(stages.Known(mine)).Except(stages.WrittenOff(mine)).ToList()
            from still in unknown.Count == 0
                ? Observable.Return(mine)
                : _retry.AskAsOf(_told, _market.GetMySlotsAsync)
            let strays = unknown.Intersect(still).ToList()
            from hosted in strays.Count == 0
                ? Observable.Return<IReadOnlyList<HostedSlot>>([])
                : _retry.AskAsOf(_told, (asOf, ct) => _market.GetHostedSlotsAsync(strays, asOf, ct))
            select hosted))
        .Switch()
        .SelectMany(hosted => hosted.Where(mine => !stages.OpenSlots.Active.Contains(mine.Slot.RequestId, mine.Slot.SlotIndex)))
        .Select(slot => _recovery.Adopt(slot, _clock.Now));

    // A request of which sale after sale comes to nothing leaves the workers to others for a while. The slot that failed last
    // is offered again after its others.
    private IObservable<SlotGroupChanges> OfferAgain(SaleEnded ended, RequestTracker openSlots)
    {
        var pause = _options.Selling.SecondTryPause;
        var request = ended.IsFailure ? openSlots.PauseRequest(ended.Sale.Offer, pause) : null;
        var slot = ended.Again is RequeuePolicy.AfterPause && openSlots.IsSameOffer(ended.Sale.Offer) is not false
            ? After(openSlots.PauseBeforeNextTry(ended.Sale.Slot, pause) + (request?.For ?? TimeSpan.Zero), () => Return(ended, openSlots))
            : Return(ended, openSlots) is { } back ? Observable.Return(back) : Observable.Empty<SlotGroupChanges>();
        return request is var (change, time, paused)
            ? slot.Merge(After(time, () => openSlots.Resume(paused))).StartWith(change)
            : slot;
    }

    private IObservable<SlotGroupChanges> After(TimeSpan pause, Func<SlotGroupChanges?> change) =>
        Observable.Timer(pause, _core).SelectMany(_ => change() is { } happened ? [happened] : Array.Empty<SlotGroupChanges>());

    // Space may have become free while the end was being saved. Without this check the slot would stay deferred.
    private SlotGroupChanges? Return(SaleEnded ended, RequestTracker openSlots) =>
        openSlots.Return(
            ended.Sale.Offer,
            ended.Again is not RequeuePolicy.Never,
            isDeferred: ended.Again is RequeuePolicy.WhenAvailabilityWidens
                && !Availabilities.Takes(ended.Sale.Terms, out _),
            isLost: ended.Reason is SaleReason.ForcedOut);

    /// <summary>What the stages of one run keep.</summary>
    private sealed record Stages(RequestTracker OpenSlots, AvailabilityFilter Filter, SalesAgent Agent, MarketEventRouter Router)
    {
        private readonly HashSet<SlotId> _writtenOff = [];

        /// <summary>The ids of all slots that have a sale. Not worked out (a microsecond each) for a host that has nothing.</summary>
        public IEnumerable<SlotId> Known(IReadOnlyList<SlotId> mine) =>
            mine.Count == 0 ? [] : OpenSlots.Active.All.Select(slot => slot.SlotId);

        /// <summary>Of our slots on the contract's list, those that stay there for ever: filled in the very second of their end.</summary>
        public HashSet<SlotId> WrittenOff(IReadOnlyList<SlotId> mine)
        {
            _writtenOff.IntersectWith(mine);
            return _writtenOff;
        }

        public void NoteWrittenOff(SaleEnded ended)
        {
            if (ended.Reason is SaleReason.RequestExpired or SaleReason.Paid)
            {
                _writtenOff.Add(ended.Sale.Slot.SlotId);
            }
        }
    }
}
