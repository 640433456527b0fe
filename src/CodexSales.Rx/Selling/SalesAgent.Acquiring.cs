using System.Diagnostics;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

// From an open slot to its first proof: preparing, reserving, downloading, proving for the first time.
internal sealed partial class SalesAgent
{
    // The block that is under way may come too soon for a proof that is ready now; the next one does not.
    private const int BlocksToLand = 2;

    // The contract takes a fill in the very second of expiry, but a slot filled then can never be freed again. A fill that
    // is sent now lands in one of the next blocks. Seconds of a chain that goes as fast as the clock.
    private const ulong LastSecondsBeforeExpiry = 30;

    // The collateral of sales that hold some, but have not put it down yet, by their numbers.
    private readonly Dictionary<long, UInt256> _pledged = [];

    private IObservable<SaleEvent> Prepare(SalePreparing state) => told.WhenHeadOfNews()
        .SelectMany(_ => AskAsOfHead((asOf, ct) => market.GetOfferAsync(state.Sale.Slot, asOf, ct)))
        .Select(offer =>
            offer.Request is not { } request || offer.View.RequestState is null ? new RequestNotFound()
            : WhyNotOpen(state.Sale.Slot, offer.View) is { } taken ? Held(state, taken)
            : IsTooLate(state.Sale, offer.View) || clock.Now > LastMomentOf(state.Sale.Terms) ? new ExpiryTooNear()
            : WhyUnpayable(state.Sale.Terms.Collateral, offer.Funds) is { } poor ? new FundsTooLow(poor)
            : Hold(state.Sale, request, offer.MayReserve));

    // A slot that was never filled reads as free also after its request is over.
    private SlotSeen? WhyNotOpen(SlotKey slot, SlotView view) =>
        view is { State: SlotState.Free or SlotState.Repair, RequestState: RequestState.New or RequestState.Started }
            ? null
            : Seen(slot, view);

    private SaleEvent Hold(Sale sale, StorageRequest request, bool mayReserve)
    {
        if (ledger.Reserve(sale.Terms, sale.Slot.SlotIndex, out var refusal) is not { } hold)
        {
            return new NothingTakesIt(refusal ?? RefusalReason.NoAvailability);
        }

        _pledged.Add(sale.Number, hold.Collateral);
        return new Prepared(request, hold, mayReserve);
    }

    // The tokens that other sales have promised are still on the account, but not free.
    private string? WhyUnpayable(UInt256 collateral, UInt256 funds)
    {
        var pledged = _pledged.Values.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);
        return pledged > funds || collateral > funds - pledged
            ? $"The account has {funds}, of which {pledged} is promised to other slots; the collateral is {collateral}."
            : null;
    }

    private IObservable<SaleEvent> Reserve(SaleSlotReserving state) => state.MayReserve
        ? SendReservation(state.Sale.Slot, 0, false)
        : AskToReserve(state.Sale.Slot, 0, state.WasSent);

    // If the outcome of a reservation is unknown, the contract is asked before it is sent again.
    private IObservable<SaleEvent> AskToReserve(SlotKey slot, int tries, bool wasSent) =>
        from offer in AskAsOfHead((asOf, ct) => market.GetOfferAsync(slot, asOf, ct))
        from reserved in offer.View.RequestState is null ? Observable.Return<SaleEvent>(new RequestNotFound())
            : WhyNotOpen(slot, offer.View) is { } taken ? Observable.Return<SaleEvent>(taken)
            : offer.MayReserve ? SendReservation(slot, tries, wasSent)
            : FindReservation(slot, offer.View.AsOf, wasSent)
        select reserved;

    // A refusal is news: its meaning is asked as of a block.
    private IObservable<SaleEvent> SendReservation(SlotKey slot, int tries, bool wasSent) =>
        retry.SendNew(ct => market.ReserveSlotAsync(slot, ct)).SelectMany(outcome => outcome switch
        {
            TransactionLanded => Observable.Return<SaleEvent>(new SlotReserved()),
            TransactionNotSent unsent => retry.After(unsent.Detail, tries)
                .SelectMany(_ => AskToReserve(slot, tries + 1, wasSent)),
            TransactionInDoubt doubt => retry.After(doubt.Detail, tries)
                .SelectMany(_ => AskToReserve(slot, tries + 1, wasSent: true)),
            TransactionRefused { Reason: MarketRefusal.ReservationNotAllowed or MarketRefusal.UnknownRequest } refused =>
                retry.After(refused.Detail, tries)
                    .SelectMany(_ => told.WhenHead(refused.Block?.Number ?? 0))
                    .SelectMany(_ => AskToReserve(slot, tries + 1, wasSent)),
            TransactionRefused refused =>
                Observable.Return<SaleEvent>(new WorkFailed(SaleReason.TransactionRefused, refused.Detail, RequeuePolicy.AfterPause)),
            _ => throw new UnreachableException(),
        });

    // The contract refuses a second reservation of the same host with the same error as one host too many. When the last allowed
    // reservation is made, it emits an event. If no such event was told up to the answer's block, the refusal means that we hold a
    // reservation, from before a restart. If one of ours was in doubt, we assume that it was the last allowed one.
    private IObservable<SaleEvent> FindReservation(SlotKey slot, BlockStamp asOf, bool wasSent) =>
        told.WhenEvents(asOf.Number).Select(_ => openSlots.IsReservedByOthers(slot) && !wasSent
            ? new ReservationRefused("Other hosts have all reservations of the slot.")
            : (SaleEvent)new SlotReserved());

    private IObservable<SaleEvent> Download(SaleDownloading state) => state.Sale.Request is { } request
        ? Download(state, request)
        : AskAsOfHead((asOf, ct) => market.GetOfferAsync(state.Sale.Slot, asOf, ct)).SelectMany(offer => offer.Request is { } found
            ? Download(state, found)
            : Observable.Return<SaleEvent>(new RequestGoneFromChain()));

    private IObservable<SaleEvent> Download(SaleDownloading state, StorageRequest request)
    {
        var terms = state.Sale.Terms;
        var keepUntil = terms.IsRepair ? terms.EndsAt : terms.ExpiresAt;
        var download = new SlotDownload(state.Sale.Slot, request, keepUntil, terms.IsRepair);
        var fetched = Observable.Defer(() => storage.Store(download))
            .LeftInPeace(retry.Tell)
            .ObserveOn(core)
            .GivenUpWhenHopeless(terms.Ask.SlotSizeBytes, options.DownloadStallDeadline, () => TimeUntil(LastMomentOf(terms)), core)
            .Do(written => ledger.RecordWritten(state.Hold, written))
            .IgnoreElements()
            .Within(options.DownloadDeadline, core)
            .SelectMany(_ => Array.Empty<SaleEvent>())
            .Do(_ => { }, NoteOfStorage, () => ports.NoteWorks(HostPort.Storage));
        return EndOnFailure(
            fetched,
            error => new WorkFailed(
                SaleReason.DownloadFailed, $"The slot's data could not be fetched: {error.Message}", RequeuePolicy.AfterPause),
            late => $"The slot's data took too long to fetch: {late.Message}")
            .DefaultIfEmpty(new DataStored())
            .Amb(TooLateFor(terms));
    }

    private void NoteOfStorage(Exception failure)
    {
        if (failure is not TooSlowException)
        {
            ports.NoteFailure(HostPort.Storage, failure.Message);
        }
    }

    private IObservable<SaleEvent> ProveInitially(SaleInitialProving state) => EndOnFailure(
        ProveStableChallenge(state.Sale.Slot)
            .Select(proof => caution.HasRoom ? (SaleEvent)new InitialProofMade(proof) : NoRoom),
        error => new WorkFailed(SaleReason.ProofFailed, $"The first proof could not be made: {error.Message}", RequeuePolicy.AfterPause),
        _ => "The first proof took too long.")
        .Amb(TooLateFor(state.Sale.Terms))
        .Amb(told.Looks.Where(_ => !caution.HasRoom).Select(_ => NoRoom).Take(1)); // From here on it would hold up proofs of hosted slots.

    private static WorkFailed NoRoom { get; } = new(
        SaleReason.ProofsTakeTooLong, "No more slots can be proved in a period than are filled already.", RequeuePolicy.AfterPause);

    // The end of a request that runs is told by nobody: a slot in repair is given up when it can't be filled in time.
    private IObservable<SaleEvent> TooLateFor(SlotTerms terms) => terms.IsRepair
        ? clock.WhenPast(LastMomentOf(terms)).Select(_ => (SaleEvent)new ExpiryTooNear())
        : Observable.Never<SaleEvent>();

    // The slot must be stored by then: it is proved in the next period, and filled before it is too late.
    private UnixSeconds LastMomentOf(SlotTerms terms) =>
        new(terms.OpenUntil.SecondsSince(new UnixSeconds(rules.ProofPeriodSeconds + LastSecondsBeforeExpiry)));

    private TimeSpan TimeUntil(UnixSeconds moment) => TimeSpan.FromSeconds(Math.Min(moment.SecondsSince(clock.Now), int.MaxValue));

    // A fill lands in some block of the period in which its proof was made, and the challenge must hold until then: the rest
    // of this period if that is long enough, or else all of a later one.
    // Source: nim-codex sales/states/initialproving.nim waitForStableChallenge, which always waits for another period.
    private IObservable<ChallengeProof> ProveStableChallenge(SlotKey slot) => View(slot)
        .Where(HoldsLongEnough)
        .Concat(told.WhenPeriodIsOver()
            .SelectMany(_ => View(slot))
            .Repeat()
            .Where(view => view.Demand?.Pointer <= 256 - rules.ProofDowntimeBlocks))
        .Take(1)
        .SelectMany(view => Prove(slot, view.Demand!)); // One that is null has no pointer.

    // True if a proof that is begun now, and takes as long as the slowest of the last ones, lands before the period is over
    // and before the pointer wraps. Nobody knows before the first proof.
    private bool HoldsLongEnough(SlotView view)
    {
        if (view.Demand is not { } demand || demand.Period != told.Period || pace.SlowestProof is not { } slowest)
        {
            return false;
        }

        var landsIn = slowest.TotalSeconds + (BlocksToLand * Math.Ceiling(told.BlockSeconds)); // As stamps count, in whole seconds.
        return landsIn < Math.Min(EndOf(demand).SecondsSince(clock.Now), SecondsToWrap(view.AsOf, demand));
    }
}
