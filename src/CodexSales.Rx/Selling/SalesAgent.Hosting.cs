using System.Diagnostics;
using System.Reactive;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Health;
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
        .Select(end => retry.UntilDone(HostPort.Storage, ct => storage.KeepUntilAsync(state.Sale.Slot, end, ct)))
        .Switch()
        .SelectMany(_ => Array.Empty<SaleEvent>());

    // Only the chain's word ends it. Each period in which there is a block owes one look, as of a block of that period; so
    // does each reorganisation. A newer look takes the place of an older one: no proof of a period that is over can land any
    // more. News of the slot is looked into beside it. Source: nim-codex sales/states/proving.nim proveLoop.
    private IObservable<SaleEvent> ProveUntilEnd(SaleProving state) => Observable.Using(
        () => new ProofOnce(demand => _proofs.Pass(Prove(state.Sale.Slot, demand))),
        proofs => told.Looks
            .Select(_ => retry.Persist(Look(state.Sale, proofs)))
            .Switch()
            .Merge(told.WhenHeadPast(state.Sale.Terms.EndsAt)
                .Merge(NewsOf(state.Sale.Slot))
                .Select(_ => retry.Persist(View(state.Sale.Slot).Select(view => (SaleEvent)Seen(state.Sale, view))))
                .Switch()));

    private IObservable<Unit> NewsOf(SlotKey slot) => events.About(slot.RequestId)
        .Where(happened => happened is RequestFailed
            || (happened is SlotFilled { Slot: var filled } && filled == slot)
            || (happened is SlotFreed { Slot: var freed } && freed == slot))
        .Select(_ => Unit.Default);

    private IObservable<SaleEvent> Look(Sale sale, ProofOnce proofs) => View(sale.Slot).SelectMany(view =>
        Observable.Return<SaleEvent>(Seen(sale, view))
            .Concat(IsProofWanted(view) ? SubmitProof(sale.Slot, view.AsOf, view.Demand!, proofs) : Observable.Empty<SaleEvent>()));

    private bool IsProofWanted(SlotView view) => IsMine(view)
        && view is { State: SlotState.Filled, Demand: { } demand }
        && (demand.IsRequired || demand.WillBeRequired || MayBeDrawnAnew(view.AsOf, demand));

    // Whether a proof is missing is decided in the block in which somebody says so, until the time-out after the period. By
    // then the pointer may have wrapped, and the downtime after that may be over: where blocks come fast, another challenge
    // decides, and nobody knows which.
    private bool MayBeDrawnAnew(BlockStamp at, ProofDemand demand)
    {
        var decidedUntil = new UnixSeconds(((demand.Period + 1) * rules.ProofPeriodSeconds) + rules.ProofTimeoutSeconds);
        return told.BlockSeconds > 0
            && demand.Pointer + (decidedUntil.SecondsSince(at.Time) / told.BlockSeconds) >= 256 + rules.ProofDowntimeBlocks;
    }

    // What is not in a block is tried again, as of a newer one: a proof that was refused is one of a stale challenge, or was
    // made wrong.
    private IObservable<SaleEvent> SubmitProof(SlotKey slot, BlockStamp asOf, ProofDemand demand, ProofOnce proofs) =>
        from proof in proofs.Of(demand)
        from submitted in !MayLand(demand) ? Observable.Empty<SaleEvent>()
            : WillWrap(asOf, demand) ? Retry.NotYet<SaleEvent>() // The next look is of another challenge.
            : Send(ct => market.SubmitProofAsync(slot, demand.Period, proof.Proof, ct)).SelectMany(outcome => outcome switch
            {
                TransactionLanded or TransactionRefused { Reason: MarketRefusal.ProofAlreadySubmitted } =>
                    Observable.Empty<SaleEvent>(),
                TransactionRefused refused => ProveAnew(slot, refused, proofs),
                TransactionNotSent unsent => TryAgain($"The proof of slot {slot} is not sent: {unsent.Detail}"),
                TransactionInDoubt doubt => TryAgain($"The proof of slot {slot} is in doubt: {doubt.Detail}"),
                _ => throw new UnreachableException(),
            })
        select submitted;

    private static IObservable<SaleEvent> ProveAnew(SlotKey slot, TransactionRefused refused, ProofOnce proofs)
    {
        if (refused.Reason is MarketRefusal.InvalidProof)
        {
            proofs.Forget();
        }

        return TryAgain($"The proof of slot {slot} is refused: {refused.Detail}");
    }

    // Whether the next block may be in the period still: in a later one the proof is void. One that is not sent is missed,
    // so the quickest of the last blocks counts.
    private bool MayLand(ProofDemand demand) =>
        demand.Period == (told.Head.Time.Value + told.ShortestBlockSeconds) / rules.ProofPeriodSeconds;

    // Whether the pointer names another block by the next one than it did as of an earlier one.
    private bool WillWrap(BlockStamp asOf, ProofDemand demand) =>
        demand.Pointer + (told.Head.Number - Math.Min(asOf.Number, told.Head.Number)) + 1 > byte.MaxValue;

    // A slot is freed only once it pays, or costs nothing, in a block that stays for good: freeing one that the contract
    // counts as filled costs all its collateral and its reward.
    private IObservable<SaleEvent> GiveUp(SaleWithStake state, SlotState expected) => UntilStanding(standing => retry.UntilDone(() =>
        from view in View(state.Sale.Slot)
        from given in !IsMine(view) || view.State != expected
            ? IsConclusive(view) ? Observable.Return<SaleEvent?>(Seen(state.Sale, view)) : Again
            : from stands in StaysForGood(standing, view, state.Sale.Slot)
              from freed in stands
                  ? Send(ct => market.FreeSlotAsync(state.Sale.Slot, ct)).SelectMany(outcome => GivenUp(state.Sale.Slot, outcome, view))
                  : Again
              select freed
        select given));

    // A slot that nobody fills, of a request that is open, is no end: what was taken for one may be taken back.
    private bool IsConclusive(SlotView view) => IsMine(view) || view is not
        { State: SlotState.Free or SlotState.Repair, RequestState: RequestState.New or RequestState.Started };

    // What is neither an end nor a reason to stop is told, and tried again.
    private IObservable<SaleEvent?> GivenUp(SlotKey slot, TransactionOutcome outcome, SlotView view) => outcome switch
    {
        TransactionLanded landed when view.State == SlotState.Failed =>
            Observable.Return<SaleEvent?>(new SlotWrittenOff(landed.Block, view.MissedProofs)),
        TransactionLanded landed => Observable.Return<SaleEvent?>(
            new SlotGivenUp(landed.Block, landed.Payout, view.MissedProofs)).Do(_ =>
        {
            if (landed.Payout is null)
            {
                retry.Alarm($"Slot {slot} was freed in block {landed.Block.Number}, and nothing was paid: its collateral is lost.");
            }
        }),
        TransactionRefused { Reason: MarketRefusal.StartNotBeforeExpiry } => // For ever: neither paid nor given back.
            Observable.Return<SaleEvent?>(new SlotWrittenOff(told.Head, view.MissedProofs)),
        TransactionRefused { Reason: MarketRefusal.AlreadyPaid or MarketRefusal.NotTheHost } => Again, // The next look says so.
        TransactionRefused refused => TryAgain($"The contract does not free the slot: {refused.Detail}"),
        TransactionNotSent unsent => TryAgain($"The slot is not freed yet: {unsent.Detail}"),
        TransactionInDoubt doubt => TryAgain($"Whether the slot is freed is in doubt: {doubt.Detail}"),
        _ => throw new UnreachableException(),
    };

    // The end must stand in a block that stays for good. Until then each new period, each reorganisation and each fill of the
    // slot is looked at: what was refused may land after all.
    private IObservable<SaleEvent> UntilItStands(SaleSettling state) => UntilStanding(standing => retry.UntilDone(() =>
        from known in told.WhenHead(state.Since)
        from view in View(state.Sale.Slot)
        from stands in !IsAsEnded(state, view)
            ? Observable.Return<SaleEvent?>(
                Seen(state.Sale, view) with { Hold = HoldIfFilled(state.Sale, state.Stake.Hold, view) })
            : StaysForGood(standing, view, state.Sale.Slot).Select(stands => stands ? new EndStands() : default(SaleEvent))
        select stands));

    // A request that was not known may be known again: then its slot may be filled after all. And that a slot was not lost,
    // but never was this host's, may be told later than that it is another's.
    private bool IsAsEnded(SaleSettling state, SlotView view) => IsMine(view) ? view.State == state.OwnState : state.End.Reason switch
    {
        SaleReason.RequestUnknown => view.RequestState is null,
        SaleReason.ForcedOut => !Seen(state.Sale, view).IsTakenBack,
        _ => true,
    };

    // Keeps since which block the answer was the same, as long as that block is not replaced.
    private IObservable<SaleEvent> UntilStanding(Func<Standing, IObservable<SaleEvent>> work) => Observable.Using(
        () => new Standing(told.Replaced), work);

    // False where something happens first that wants another look. What was said as of a block that stays for good was said
    // for good: no node need know it any more.
    private IObservable<bool> StaysForGood(Standing standing, SlotView view, SlotKey slot) =>
        told.WhenFinal(standing.Since(view.AsOf.Number))
            .Select(_ => true)
            .TakeUntil(told.Looks.Skip(1).Select(_ => Unit.Default).Merge(NewsOf(slot)))
            .DefaultIfEmpty(false);

    private sealed class Standing : IDisposable
    {
        private readonly IDisposable _replaced;
        private ulong? _since;

        public Standing(IObservable<ulong> replaced) => _replaced = replaced.Subscribe(lowest =>
            _since = _since >= lowest ? null : _since);

        public ulong Since(ulong number) => _since ??= number;

        public void Dispose() => _replaced.Dispose();
    }

    private static IObservable<SaleEvent> TryAgain(string why) =>
        Observable.Throw<SaleEvent>(new MarketUnavailableException(why));
}
