using System.Diagnostics;
using System.Reactive.Linq;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Storage;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

// From an open slot to one that is filled: preparing, reserving, downloading, proving for the first time, filling.
internal sealed partial class SalesAgent
{
    // The contract takes a fill in the very second of expiry, but a slot filled then can never be freed again. What is
    // sent now lands in one of the next blocks.
    private const ulong LastSecondsBeforeExpiry = 30;

    // How long an event may take to be heard of after the contract's answers know of it.
    private static readonly TimeSpan LongestNews = TimeSpan.FromSeconds(30);

    // The collateral of sales that hold some, but have not put it down yet, by their numbers.
    private readonly Dictionary<long, UInt256> _pledged = [];

    private IObservable<SaleEvent> Prepare(SalePreparing state) =>
        from request in Ask(ct => market.GetRequestAsync(state.Sale.Slot.RequestId, ct))
        from slotState in Ask(ct => market.GetSlotStateAsync(state.Sale.Slot, ct))
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        from funds in Ask(market.GetFundsAsync)
        select request is null ? new RequestNotFound()
            : slotState is not (SlotState.Free or SlotState.Repair) ? new SlotStateFound(slotState)
            : IsTooLate(state.Sale, requestState) ? new ExpiryTooNear()
            : WhyUnpayable(state.Sale.Terms.Collateral, funds) is { } poor ? new FundsTooLow(poor)
            : Hold(state.Sale, request);

    private SaleEvent Hold(Sale sale, StorageRequest request)
    {
        if (ledger.Reserve(sale.Terms, sale.Slot.SlotIndex, out var refusal) is not { } hold)
        {
            return new NothingTakesIt(refusal ?? RefusalReason.NoAvailability);
        }

        _pledged.Add(sale.Number, hold.Collateral);
        return new Prepared(request, hold);
    }

    // What other sales have promised is still on the account, but not free.
    private string? WhyUnpayable(UInt256 collateral, UInt256 funds)
    {
        var pledged = _pledged.Values.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);
        return pledged > funds || collateral > funds - pledged
            ? $"The account has {funds}, of which {pledged} is promised to other slots; the collateral is {collateral}."
            : null;
    }

    // One in doubt is looked for, and sent again only if it is not there. Whether a slot without room for another
    // reservation has ours, the contract does not say: where one was sent, that is what is more likely.
    private IObservable<SaleEvent> Reserve(SlotKey slot, bool wasSent) =>
        from mayReserve in Ask(ct => market.CanReserveSlotAsync(slot, ct))
        from reserved in mayReserve
            ? Send(ct => market.ReserveSlotAsync(slot, ct)).SelectMany(outcome => outcome switch
            {
                TransactionLanded => Observable.Return<SaleEvent>(new SlotReserved()),
                TransactionInDoubt => Observable.Timer(options.FirstRetryDelay, core)
                    .SelectMany(_ => Reserve(slot, wasSent: true)),
                TransactionRefused { Reason: MarketRefusal.ReservationNotAllowed } refused =>
                    FindReservation(slot, wasSent, refused.Detail),
                TransactionRefused { Reason: MarketRefusal.UnknownRequest } =>
                    Observable.Return<SaleEvent>(new RequestNotFound()),
                TransactionRefused refused =>
                    Observable.Return<SaleEvent>(new WorkFailed(SaleReason.TransactionRefused, refused.Detail)),
                _ => throw new UnreachableException(),
            })
            : FindReservation(slot, wasSent, "The slot has all its reservations.")
        select reserved;

    // The contract refuses a host that has the slot reserved already just as it refuses one too many. The last one that
    // is allowed comes with an event; without it, the reservation is our own, from before a restart.
    private IObservable<SaleEvent> FindReservation(SlotKey slot, bool wasSent, string refusal) => wasSent
        ? Observable.Return<SaleEvent>(new SlotReserved())
        : Observable.Timer(openSlots.HasAllReservations(slot) ? TimeSpan.Zero : LongestNews, core)
            .Select(_ => openSlots.HasAllReservations(slot) ? new ReservationRefused(refusal) : (SaleEvent)new SlotReserved());

    private IObservable<SaleEvent> Download(SaleDownloading state)
    {
        var terms = state.Sale.Terms;
        var keepUntil = terms.IsRepair ? terms.EndsAt : terms.ExpiresAt;
        var download = new SlotDownload(state.Sale.Slot, state.Request, keepUntil, terms.IsRepair);
        return Observable.Defer(() => storage.Store(download))
            .ObserveOn(core)
            .Scan(Math.Max)
            .DistinctUntilChanged()
            .Timeout(options.DownloadStallDeadline, core)
            .Do(written => ledger.MoveToUsed(state.Hold, written))
            .IgnoreElements()
            .Within(options.DownloadDeadline, core)
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
        .SelectMany(demand => Prove(slot, demand.Challenge));

    private IObservable<SaleEvent> Fill(SaleFilling state, FillsSent sent) => state.Proof is not { } proof
        ? FillInDoubt(state, sent)
        : from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
          from filled in IsTooLate(state.Sale, requestState)
              ? Observable.Return<SaleEvent>(new ExpiryTooNear())
              : sent.Send(FillOnce(state.Sale, proof)).SelectMany(outcome => outcome switch
              {
                  TransactionLanded landed => Observable.Return<SaleEvent>(new FillLanded(landed.Block.Time)),
                  TransactionRefused refused => Observable.Return(new FillRefused(refused.Reason, refused.Detail)),
                  _ => FillInDoubt(state, sent),
              })
          select filled;

    private IObservable<TransactionOutcome> FillOnce(Sale sale, Groth16Proof proof) =>
        Send(ct => market.FillSlotAsync(sale.Slot, proof, sale.Terms.Collateral, ct))
            .Catch((Exception error) => Observable.Return<TransactionOutcome>(
                new TransactionInDoubt($"The transaction that fills the slot is not heard of: {error.Message}")));

    // The transaction may land as long as the slot is free: only a host in the slot, or the request's end, decides.
    // While neither comes it is sent again, with the proof of that period: the contract takes no second one.
    private IObservable<SaleEvent> FillInDoubt(SaleFilling state, FillsSent sent) => retry.Persist(WaitForHost(state.Sale.Slot)
        .TakeUntil(Observable.Timer(options.FillDeadline, core))
        .Concat(Observable.Defer(() => FillAgain(state, sent)))
        .Repeat()
        .FirstAsync());

    private IObservable<SaleEvent> FillAgain(SaleFilling state, FillsSent sent) =>
        from proof in ProveStableChallenge(state.Sale.Slot)
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        where !IsTooLate(state.Sale, requestState)
        from outcome in sent.Send(FillOnce(state.Sale, proof)).SelectMany<TransactionOutcome, SaleEvent>(outcome => outcome switch
        {
            TransactionLanded landed => [new FillLanded(landed.Block.Time)],

            // The reservation is gone, as when another host filled the slot and lost it: then none of ours can land.
            TransactionRefused { Reason: MarketRefusal.ReservationRequired } refused =>
                [new FillRefused(refused.Reason, refused.Detail)],
            _ => [],
        })
        select outcome;

    private IObservable<SaleEvent> WaitForHost(SlotKey slot) =>
        retry.UntilDone(() => Ask(ct => market.GetSlotStateAsync(slot, ct)).Select(state =>
            state is SlotState.Free or SlotState.Repair ? null : new FillLanded()));

    // A slot may be found to be ours before anything is held for it: by a transaction from before a restart.
    private IObservable<SaleEvent> FindHost(SaleFilled state) =>
        Ask(ct => market.IsMineAsync(state.Sale.Slot, ct))
            .Select(isMe => new HostFound(isMe, isMe ? HoldFilled(state) : null, openSlots.FilledAt(state.Sale.Slot)));

    private Hold? HoldFilled(SaleFilled state)
    {
        var terms = state.Sale.Terms;
        var hold = state.Hold ?? ledger.Rejoin(terms, state.Sale.Slot.SlotIndex);
        return hold is null
            ? null
            : ledger.Fill(hold, terms.RewardFrom(state.FilledAt ?? openSlots.FilledAt(state.Sale.Slot) ?? clock.Now));
    }

    private bool IsTooLate(Sale sale, RequestState? state) =>
        state is RequestState.New && clock.Now.Plus(LastSecondsBeforeExpiry) >= sale.Terms.ExpiresAt;
}
