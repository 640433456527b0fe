using System.Diagnostics;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Storage;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Does the work of a sale, state by state, in the order of a sale's life. What follows from an outcome is decided by
/// <see cref="SaleMachine"/>.
/// </summary>
/// <remarks>Lives on the core scheduler; every answer from a port comes back to it.</remarks>
internal sealed class SalesAgent(
    IMarket market,
    ISlotStorage storage,
    IProver prover,
    AvailabilityLedger ledger,
    ChainClock clock,
    MarketEventRouter events,
    Func<SlotKey, bool> hasAllReservations,
    MarketRules rules,
    SellingOptions options,
    Retry retry,
    IScheduler core)
{
    // The contract takes a fill in the very second of expiry, but a slot filled then can never be freed again. What is
    // sent now lands in one of the next blocks.
    private const ulong LastSecondsBeforeExpiry = 30;

    // How long an event may take to be heard of after the contract's answers know of it.
    private static readonly TimeSpan LongestNews = TimeSpan.FromSeconds(30);

    // How often the chain is asked whether a request whose time is over really counts as expired.
    private static readonly TimeSpan ExpiryPoll = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Tries to fill a slot: the states from preparing to the one after filled, or to the end. A worker is busy until it completes.
    /// </summary>
    public IObservable<SaleState> Acquire(Sale sale) =>
        Live(new SalePreparing(sale), until: state => state is SaleProving or SaleEnded);

    /// <summary>Finds out what became of a slot that the chain says is ours, up to where hosting goes on.</summary>
    public IObservable<SaleState> Resume(Sale sale, Hold? hold) =>
        Live(new SaleUnknown(sale, hold), until: state => state is SaleProving or SaleEnded);

    /// <summary>Hosts a slot from the state that acquiring ended with: the states after it, to the end.</summary>
    public IObservable<SaleState> Host(SaleProving filled) => Live(filled, until: state => state is SaleEnded).Skip(1);

    private SaleRun Live(SaleState state, Func<SaleState, bool> until) =>
        new(state, Work, Interruptions(state.Sale), until);

    // As long as the slot can't be ours, a failure ends the sale. Once it may be, money is at stake: then only the chain ends it.
    private IObservable<SaleEvent> Work(SaleState state) => state switch
    {
        SalePreparing preparing => EndOnFailure(Prepare(preparing).Timeout(options.ReserveDeadline, core)),
        SaleSlotReserving reserving => EndOnFailure(Reserve(reserving).Timeout(options.ReserveDeadline, core)),
        SaleDownloading downloading => EndOnFailure(Download(downloading)),
        SaleInitialProving proving => EndOnFailure(ProveInitially(proving)),
        SaleFilling filling => retry.Persist(Fill(filling)),
        SaleFilled filled => retry.Persist(FindHost(filled)),
        SaleProving proving => KeepData(proving).Merge(ProveUntilEnd(proving)),
        SalePayout payout => retry.Persist(GiveUp(payout.Sale, SlotState.Finished)),
        SaleCancelled cancelled => retry.Persist(GiveUp(cancelled.Sale, SlotState.Cancelled)),
        SaleFailed failed => retry.Persist(GiveUp(failed.Sale, SlotState.Failed)),
        SaleUnknown unknown => retry.Persist(FindOut(unknown)),
        _ => throw new UnreachableException($"{state.Name} has no work."),
    };

    private IObservable<SaleEvent> FindOut(SaleUnknown state) =>
        Ask(ct => market.GetSlotStateAsync(state.Sale.Slot, ct)).Select(found => new SlotStateFound(found));

    private IObservable<SaleEvent> Prepare(SalePreparing state) =>
        from request in Ask(ct => market.GetRequestAsync(state.Sale.Slot.RequestId, ct))
        from slotState in Ask(ct => market.GetSlotStateAsync(state.Sale.Slot, ct))
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        select request is null ? new RequestNotFound()
            : slotState is not (SlotState.Free or SlotState.Repair) ? new SlotStateFound(slotState)
            : IsTooLate(state.Sale, requestState) ? new ExpiryTooNear()
            : ledger.Reserve(state.Sale.Terms, state.Sale.Slot.SlotIndex, out var refusal) is { } hold
                ? new Prepared(request, hold)
                : (SaleEvent)new NothingTakesIt(refusal ?? RefusalReason.NoAvailability);

    private IObservable<SaleEvent> Reserve(SaleSlotReserving state) =>
        from mayReserve in Ask(ct => market.CanReserveSlotAsync(state.Sale.Slot, ct))
        from outcome in mayReserve
            ? Send(ct => market.ReserveSlotAsync(state.Sale.Slot, ct))
            : Observable.Return<TransactionOutcome>(new TransactionRefused(
                MarketRefusal.ReservationNotAllowed, "The slot has all its reservations."))
        from reserved in outcome switch
        {
            // A reservation in doubt costs nothing: the fill will say whether it landed.
            TransactionLanded or TransactionInDoubt => Observable.Return<SaleEvent>(new SlotReserved()),
            TransactionRefused { Reason: MarketRefusal.ReservationNotAllowed } refused =>
                FindReservation(state.Sale.Slot, refused.Detail),
            TransactionRefused refused =>
                Observable.Return(new WorkFailed(SaleReason.TransactionRefused, refused.Detail)),
            _ => throw new UnreachableException(),
        }
        select reserved;

    // The contract refuses a host that has the slot reserved already just as it refuses one too many. The last one that
    // is allowed comes with an event; without it, the reservation is our own, from before a restart.
    private IObservable<SaleEvent> FindReservation(SlotKey slot, string refusal) =>
        Observable.Timer(hasAllReservations(slot) ? TimeSpan.Zero : LongestNews, core)
            .Select(_ => hasAllReservations(slot) ? new ReservationRefused(refusal) : (SaleEvent)new SlotReserved());

    private IObservable<SaleEvent> Download(SaleDownloading state)
    {
        var terms = state.Sale.Terms;
        var keepUntil = terms.IsRepair ? terms.EndsAt : terms.ExpiresAt;
        var download = new SlotDownload(state.Sale.Slot, state.Request, keepUntil, terms.IsRepair);
        return Observable.Defer(() => storage.Store(download))
            .ObserveOn(core)
            .DistinctUntilChanged()
            .Timeout(options.DownloadStallDeadline, core)
            .Do(written => ledger.MoveToUsed(state.Hold, written))
            .IgnoreElements()
            .Timeout(options.DownloadDeadline, core)
            .SelectMany(_ => Array.Empty<SaleEvent>())
            .Catch((Exception error) => Observable.Return<SaleEvent>(error is TimeoutException
                ? new WorkFailed(SaleReason.DeadlinePassed, "The slot's data took too long to fetch.")
                : new WorkFailed(SaleReason.DownloadFailed, $"The slot's data could not be fetched: {error.Message}")))
            .DefaultIfEmpty(new DataStored());
    }

    private IObservable<SaleEvent> ProveInitially(SaleInitialProving state) => ProveStableChallenge(state.Sale.Slot)
        .Select(proof => new InitialProofMade(proof))
        .Catch((Exception error) => Observable.Return<SaleEvent>(error is TimeoutException
            ? new WorkFailed(SaleReason.DeadlinePassed, "The first proof took too long.")
            : new WorkFailed(SaleReason.ProofFailed, $"The first proof could not be made: {error.Message}")));

    // Source: nim-codex sales/states/initialproving.nim waitForStableChallenge.
    private IObservable<Groth16Proof> ProveStableChallenge(SlotKey slot) => NextPeriod()
        .SelectMany(_ => Ask(ct => market.GetProofDemandAsync(slot, ct)))
        .Repeat()
        .FirstAsync(demand => demand.Pointer <= 256 - rules.ProofDowntimeBlocks)
        .SelectMany(demand => retry.Once(ct => prover.ProveAsync(slot, demand.Challenge, ct), options.ProveDeadline));

    private IObservable<SaleEvent> Fill(SaleFilling state) =>
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        from filled in IsTooLate(state.Sale, requestState)
            ? Observable.Return<SaleEvent>(new ExpiryTooNear())
            : SendFill(state).SelectMany(outcome => outcome switch
            {
                TransactionLanded landed => Observable.Return<SaleEvent>(new FillLanded(landed.Block.Time)),
                TransactionRefused refused => Observable.Return(new FillRefused(refused.Reason, refused.Detail)),
                _ => FillInDoubt(state),
            })
        select filled;

    private IObservable<TransactionOutcome> SendFill(SaleFilling state) =>
        Send(ct => market.FillSlotAsync(state.Sale.Slot, state.Proof, state.Sale.Terms.Collateral, ct))
            .Catch((Exception error) => Observable.Return<TransactionOutcome>(
                new TransactionInDoubt($"The transaction that fills the slot is not heard of: {error.Message}")));

    // The transaction may land as long as the slot is free: only a host in the slot, or the request's end, decides.
    // While neither comes it is sent again, with the proof of that period: the contract takes no second one.
    private IObservable<SaleEvent> FillInDoubt(SaleFilling state) => retry.Persist(WaitForHost(state.Sale.Slot)
        .TakeUntil(Observable.Timer(options.FillDeadline, core))
        .Concat(Observable.Defer(() => FillAgain(state)))
        .Repeat()
        .FirstAsync());

    private IObservable<SaleEvent> FillAgain(SaleFilling state) =>
        from proof in ProveStableChallenge(state.Sale.Slot)
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        where !IsTooLate(state.Sale, requestState)
        from outcome in SendFill(state with { Proof = proof }).OfType<TransactionLanded>()
        select new FillLanded(outcome.Block.Time);

    private IObservable<SaleEvent> WaitForHost(SlotKey slot) =>
        retry.UntilDone(() => Ask(ct => market.GetSlotStateAsync(slot, ct)).Select(state =>
            state is SlotState.Free or SlotState.Repair ? null : new FillLanded()));

    // A slot may be found to be ours before anything is held for it: by a transaction from before a restart.
    private IObservable<SaleEvent> FindHost(SaleFilled state) =>
        Ask(ct => market.IsMineAsync(state.Sale.Slot, ct)).Select(isMe => new HostFound(
            isMe, isMe && state.Hold is null ? ledger.Rejoin(state.Sale.Terms, state.Sale.Slot.SlotIndex) : null));

    private IObservable<SaleEvent> KeepData(SaleProving state) =>
        retry.UntilDone(ct => storage.KeepUntilAsync(state.Sale.Slot, state.Sale.Terms.EndsAt, ct))
            .SelectMany(_ => Array.Empty<SaleEvent>());

    // Only the chain's word ends it. Source: nim-codex sales/states/proving.nim proveLoop.
    private IObservable<SaleEvent> ProveUntilEnd(SaleProving state) => Observable.Defer(() =>
    {
        var slot = state.Sale.Slot;
        var period = clock.Now.Value / rules.ProofPeriodSeconds;
        var proof = retry.Persist(Ask(ct => market.GetSlotStateAsync(slot, ct)).SelectMany(found =>
            found is SlotState.Filled
                ? ProveWhatIsWanted(slot)
                : Observable.Return<SaleEvent>(new SlotStateFound(found))));
        return proof
            .TakeUntil(clock.WhenPast(LastSecondOf(period)))
            .DefaultIfEmpty(new ProofMissed(period))
            .Where(outcome => outcome is not NothingToSay)
            .Concat(NextLook(state.Sale, period).SelectMany(_ => Array.Empty<SaleEvent>()));
    }).Repeat();

    private IObservable<SaleEvent> ProveWhatIsWanted(SlotKey slot) =>
        Ask(ct => market.GetProofDemandAsync(slot, ct)).SelectMany(demand => demand.IsRequired || demand.WillBeRequired
            ? retry.UntilDone(() =>
                from proof in retry.Once(ct => prover.ProveAsync(slot, demand.Challenge, ct), options.ProveDeadline)
                from outcome in Send(ct => market.SubmitProofAsync(slot, proof, ct))
                select outcome is TransactionLanded or TransactionRefused { Reason: MarketRefusal.ProofAlreadySubmitted }
                    ? NothingToSay.Instance
                    : null)
            : Observable.Return<SaleEvent>(NothingToSay.Instance));

    // A slot is freed only in the state in which that pays, or costs nothing: freeing one that is filled costs all its collateral.
    private IObservable<SaleEvent> GiveUp(Sale sale, SlotState expected) => retry.UntilDone(() =>
        from isMine in Ask(ct => market.IsMineAsync(sale.Slot, ct))
        from state in Ask(ct => market.GetSlotStateAsync(sale.Slot, ct))
        from given in !isMine ? Observable.Return<SaleEvent?>(new HostFound(IsMe: false))
            : state is SlotState.Paid ? Observable.Return(new SlotGivenUp(null))
            : state == expected ? Send(ct => market.FreeSlotAsync(sale.Slot, ct)).Select(GivenUp)
            : state is SlotState.Free or SlotState.Repair ? Observable.Return<SaleEvent?>(null)
            : Observable.Timer(ExpiryPoll, core).Select(_ => new SlotStateFound(state))
        select given);

    private static SaleEvent? GivenUp(TransactionOutcome outcome) => outcome switch
    {
        TransactionLanded landed => new SlotGivenUp(landed.Payout),
        TransactionRefused { Reason: MarketRefusal.AlreadyPaid } => new SlotGivenUp(null),
        TransactionRefused { Reason: MarketRefusal.NotTheHost } => new HostFound(IsMe: false),
        _ => null,
    };

    private IObservable<SaleEvent> Interruptions(Sale sale)
    {
        var told = events.About(sale.Slot.RequestId).SelectMany<MarketEvent, SaleEvent>(happened => happened switch
        {
            SlotFilled filled when filled.Slot == sale.Slot => [new SlotTaken(filled.Block.Time)],
            RequestFailed => [new RequestFailedOnChain()],
            _ => [],
        });
        return told.Merge(retry.Persist(WatchExpiry(sale)));
    }

    // The clock alone never cancels: the chain must say so. A request that has started does not expire.
    private IObservable<SaleEvent> WatchExpiry(Sale sale) => clock.WhenPast(sale.Terms.ExpiresAt)
        .SelectMany(_ => Ask(ct => market.GetRequestStateAsync(sale.Slot.RequestId, ct))
            .Concat(Observable.Empty<RequestState?>().Delay(ExpiryPoll, core))
            .Repeat()
            .FirstAsync(state => state is not RequestState.New))
        .SelectMany<RequestState?, SaleEvent>(state => state switch
        {
            RequestState.Cancelled => [new RequestExpiredOnChain()],
            RequestState.Failed => [new RequestFailedOnChain()],
            _ => [],
        });

    private bool IsTooLate(Sale sale, RequestState? state) =>
        state is RequestState.New && clock.Now.Plus(LastSecondsBeforeExpiry) >= sale.Terms.ExpiresAt;

    private IObservable<Unit> NextPeriod() =>
        Observable.Defer(() => clock.WhenPast(LastSecondOf(clock.Now.Value / rules.ProofPeriodSeconds)));

    // The request's end is looked at as soon as it is over, not only at the next period.
    private IObservable<Unit> NextLook(Sale sale, ulong period)
    {
        var next = clock.WhenPast(LastSecondOf(period));
        return clock.Now > sale.Terms.EndsAt ? next : next.Amb(clock.WhenPast(sale.Terms.EndsAt));
    }

    private UnixSeconds LastSecondOf(ulong period) => new(((period + 1) * rules.ProofPeriodSeconds) - 1);

    private IObservable<T> Ask<T>(Func<CancellationToken, Task<T>> question) => retry.Ask(question);

    // Never sent again by itself: what became of it must be asked first.
    private IObservable<TransactionOutcome> Send(Func<CancellationToken, Task<TransactionOutcome>> transaction) =>
        retry.Once(transaction, options.FillDeadline);

    // What a host's port throws is a value from here on. What the machine throws is our own bug, and is not caught.
    private static IObservable<SaleEvent> EndOnFailure(IObservable<SaleEvent> work) =>
        work.Catch((Exception error) => Observable.Return<SaleEvent>(error is TimeoutException
            ? new WorkFailed(SaleReason.DeadlinePassed, "The stage took too long.")
            : new WorkFailed(SaleReason.HostFault, $"{error.GetType().Name}: {error.Message}")));

    private sealed record NothingToSay : SaleEvent
    {
        public static readonly NothingToSay Instance = new();
    }
}
