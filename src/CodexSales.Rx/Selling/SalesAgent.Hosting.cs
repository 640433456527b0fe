using System.Diagnostics;
using System.Reactive;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Selling;

// From a slot that is filled to its end: proving, payout, and giving up what was cancelled or has failed.
internal sealed partial class SalesAgent
{
    // A request that comes again in another block ends at another time.
    private IObservable<SaleEvent> KeepData(SaleProving state) => events.About(state.Sale.Slot.RequestId)
        .OfType<StorageRequested>()
        .Select(asked => asked.EndsAt)
        .StartWith(state.Sale.Terms.EndsAt)
        .DistinctUntilChanged()
        .Select(end => retry.UntilDone(ct => storage.KeepUntilAsync(state.Sale.Slot, end, ct)))
        .Switch()
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
            .Concat(LearnSinceWhen(state))
            .Concat(NextLook(state.Sale, period).SelectMany(_ => Array.Empty<SaleEvent>()));
    }).Repeat();

    // A slot that is found to be ours after a restart may be so before the event of its fill is told again.
    private IObservable<SaleEvent> LearnSinceWhen(SaleProving state) => Observable.Defer(() =>
        state.FilledAt is null && openSlots.FilledAt(state.Sale.Slot) is { } at
            ? Observable.Return<SaleEvent>(new SlotTaken(at))
            : Observable.Empty<SaleEvent>());

    private IObservable<SaleEvent> ProveWhatIsWanted(SlotKey slot) =>
        Ask(ct => market.GetProofDemandAsync(slot, ct)).SelectMany(demand => demand.IsRequired || demand.WillBeRequired
            ? retry.UntilDone(() =>
                from proof in Prove(slot, demand.Challenge)
                from outcome in Send(ct => market.SubmitProofAsync(slot, proof, ct))
                select outcome switch
                {
                    TransactionLanded or TransactionRefused { Reason: MarketRefusal.ProofAlreadySubmitted } =>
                        NothingToSay.Instance,

                    // Taken away, and filled by another host, between two looks.
                    TransactionRefused { Reason: MarketRefusal.NotTheHost } => new HostFound(IsMe: false),
                    _ => default(SaleEvent),
                })
            : Observable.Return<SaleEvent>(NothingToSay.Instance));

    // A slot is freed only in the state in which that pays, or costs nothing: freeing one that is filled costs all its collateral.
    private IObservable<SaleEvent> GiveUp(Sale sale, SlotState expected) => retry.UntilDone(() =>
        from isMine in Ask(ct => market.IsMineAsync(sale.Slot, ct))
        from state in Ask(ct => market.GetSlotStateAsync(sale.Slot, ct))
        from given in !isMine ? Observable.Return<SaleEvent?>(new HostFound(IsMe: false))
            : state is SlotState.Paid ? Observable.Return(new SlotGivenUp(null, openSlots.FilledAt(sale.Slot)))
            : state == expected ? Send(ct => market.FreeSlotAsync(sale.Slot, ct)).SelectMany(GivenUp)
            : state is SlotState.Free or SlotState.Repair ? Observable.Return<SaleEvent?>(null)
            : Observable.Timer(ExpiryPoll, core).Select(_ => new SlotStateFound(state))
        select given);

    // What is neither an end nor a reason to stop is told, and tried again.
    private static IObservable<SaleEvent?> GivenUp(TransactionOutcome outcome) => outcome switch
    {
        TransactionLanded landed => Observable.Return(new SlotGivenUp(landed.Payout)),
        TransactionRefused { Reason: MarketRefusal.AlreadyPaid } => Observable.Return(new SlotGivenUp(null)),
        TransactionRefused { Reason: MarketRefusal.StartNotBeforeExpiry } => // For ever: neither paid nor given back.
            Observable.Return(new SlotGivenUp(new SlotPayout(UInt256.Zero, UInt256.Zero))),
        TransactionRefused { Reason: MarketRefusal.NotTheHost } => Observable.Return(new HostFound(IsMe: false)),
        TransactionRefused refused => Observable.Throw<SaleEvent?>(
            new InvalidOperationException($"The contract does not free the slot: {refused.Detail}")),
        TransactionInDoubt doubt => Observable.Throw<SaleEvent?>(new TimeoutException(doubt.Detail)),
        _ => throw new UnreachableException(),
    };

    // The request's end is looked at as soon as it is over, not only at the next period.
    private IObservable<Unit> NextLook(Sale sale, ulong period)
    {
        var next = clock.WhenPast(LastSecondOf(period));
        return clock.Now > sale.Terms.EndsAt ? next : next.Amb(clock.WhenPast(sale.Terms.EndsAt));
    }
}
