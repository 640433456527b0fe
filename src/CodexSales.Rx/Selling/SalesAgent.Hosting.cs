using System.Diagnostics;
using System.Reactive;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

// From a slot that is filled to its end: proving, payout, and giving up slots of cancelled or failed requests.
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
            .Do(_ => proofs.GiveUpBefore(told.Period))
            .Select(_ => retry.RetryInPeriod(told, Look(state, proofs)))
            .Switch()
            .Merge(told.WhenHeadPast(state.Sale.Terms.EndsAt)
                .Merge(NewsOf(state.Sale.Slot))
                .Select(_ => retry.RetryForever(told.WhenHeadOfNews()
                    .SelectMany(_ => View(state.Sale.Slot))
                    .Select(view => (SaleEvent)Seen(state.Sale, view))))
                .Switch()));

    private IObservable<Unit> NewsOf(SlotKey slot) => events.About(slot.RequestId)
        .Where(happened => happened is RequestFailed
            || (happened is SlotFilled { Slot: var filled } && filled == slot)
            || (happened is SlotFreed { Slot: var freed } && freed == slot))
        .Select(_ => Unit.Default);

    private IObservable<SaleEvent> Look(SaleProving state, ProofOnce proofs) => View(state.Sale.Slot).SelectMany(view =>
        Observable.Return<SaleEvent>(Seen(state.Sale, view))
            .Concat(IsProofWanted(state, view) ? SubmitProof(state.Sale.Slot, view.AsOf, view.Demand!, proofs)
                : told.BlockSeconds > 0 ? Observable.Empty<SaleEvent>()
                : told.WhenHead(told.Head.Number + 1).SelectMany(_ => Retry.NotYet<SaleEvent>()))); // By then it is known how fast blocks come.

    // The fill was the proof of its own period. A reorganisation may have moved it to another one.
    private bool IsProofWanted(SaleProving state, SlotView view) => IsMine(view)
        && view is { State: SlotState.Filled, Demand: { } demand }
        && (demand.IsRequired || demand.WillBeRequired || MayBeDrawnAnew(view.AsOf, demand))
        && (openSlots.FilledAt(state.Sale.Slot) ?? state.Stake.FilledAt)?.Value / rules.ProofPeriodSeconds != demand.Period;

    // A proof is missing by the challenge of the block in which somebody says so, until the time-out after the period. By
    // then the pointer may have wrapped, and the downtime after that may be over: where blocks come fast, nobody knows the
    // challenge that decides.
    private bool MayBeDrawnAnew(BlockStamp at, ProofDemand demand)
    {
        var decidedUntil = EndOf(demand).Plus(rules.ProofTimeoutSeconds);
        return told.BlockSeconds > 0
            && demand.Pointer + (decidedUntil.SecondsSince(at.Time) / told.BlockSeconds) >= 256 + rules.ProofDowntimeBlocks;
    }

    // A proof whose transaction is over without being in a block is tried again, as of a newer one: a refused one is of a stale challenge, or was made wrong.
    private IObservable<SaleEvent> SubmitProof(SlotKey slot, BlockStamp asOf, ProofDemand demand, ProofOnce proofs) =>
        from wait in proofs.IsOf(demand) || !IsBetterLater(asOf, demand) ? Observable.Return(Unit.Default)
            : told.WhenHead(WrapOf(asOf, demand)).SelectMany(_ => Retry.NotYet<Unit>()) // Another challenge begins there.
        from proof in proofs.Of(demand)
        from submitted in !MayLand(demand) ? Observable.Empty<SaleEvent>()
            : WillWrap(asOf, demand) ? Retry.NotYet<SaleEvent>() // The next look is of another challenge.
            : retry.Send(ct => market.SubmitProofAsync(slot, demand.Period, proof.Proof, ct)).SelectMany(outcome => outcome switch
            {
                TransactionLanded or TransactionRefused { Reason: MarketRefusal.ProofAlreadySubmitted } =>
                    Observable.Empty<SaleEvent>(),
                TransactionRefused refused => ProveAnew(slot, refused, proofs),
                TransactionNotSent unsent => TryAgain($"The proof of slot {slot.ToShortString()} is not sent: {unsent.Detail}"),
                TransactionInDoubt doubt => TryAgain($"The proof of slot {slot.ToShortString()} is in doubt: {doubt.Detail}"),
                _ => throw new UnreachableException(),
            })
        select submitted;

    private static IObservable<SaleEvent> ProveAnew(SlotKey slot, TransactionRefused refused, ProofOnce proofs)
    {
        if (refused.Reason is MarketRefusal.InvalidProof)
        {
            proofs.Forget();
        }

        return TryAgain($"The proof of slot {slot.ToShortString()} is refused: {refused.Detail}");
    }

    // True if the next block may still be in the period: in a later one the proof is void. A proof that is not sent is
    // missed, so the quickest of the last blocks counts.
    private bool MayLand(ProofDemand demand) =>
        demand.Period == (told.Head.Time.Value + told.ShortestBlockSeconds) / rules.ProofPeriodSeconds;

    // True if the pointer names another block by the next one than it did as of an earlier one.
    private bool WillWrap(BlockStamp asOf, ProofDemand demand) => told.Head.Number + 1 >= WrapOf(asOf, demand);

    // The block from which on the pointer names another block: then the challenge is another one.
    private static ulong WrapOf(BlockStamp asOf, ProofDemand demand) => asOf.Number + byte.MaxValue + 1 - demand.Pointer;

    private double SecondsToWrap(BlockStamp asOf, ProofDemand demand) =>
        (WrapOf(asOf, demand) - Math.Min(WrapOf(asOf, demand), told.Head.Number)) * told.BlockSeconds;

    private UnixSeconds EndOf(ProofDemand demand) => new((demand.Period + 1) * rules.ProofPeriodSeconds);

    // True if a proof that is begun now would be one of a stale challenge, and one of the next challenge comes in time. As
    // long as the pace of blocks is not known, none is waited for: the chain may stand still.
    private bool IsBetterLater(BlockStamp asOf, ProofDemand demand)
    {
        var (wrapsIn, takes) = (SecondsToWrap(asOf, demand), pace.SlowestProof?.TotalSeconds ?? 0);
        return told.BlockSeconds > 0 && wrapsIn < takes && wrapsIn + takes < EndOf(demand).SecondsSince(told.Head.Time);
    }

    // A slot is freed only once it pays, or costs nothing, in a block that stays for good: freeing one that the contract
    // counts as filled costs all its collateral and its reward.
    private IObservable<SaleEvent> GiveUp(SaleWithStake state, SlotState expected) => retry.UntilDone(() =>
        from seen in WhenItStays(state.Sale.Slot, view => IsMine(view) && view.State == expected)
        from given in seen.Stays
            ? retry.Send(ct => market.FreeSlotAsync(state.Sale.Slot, ct)).SelectMany(outcome => GivenUp(state.Sale.Slot, outcome, seen.View))
            : IsConclusive(seen.View) ? Observable.Return<SaleEvent?>(Seen(state.Sale, seen.View)) : Again
        select given);

    // A slot that nobody fills, of a request that is open, is no end: the supposed end may be taken back.
    private bool IsConclusive(SlotView view) => IsMine(view) || view is not
        { State: SlotState.Free or SlotState.Repair, RequestState: RequestState.New or RequestState.Started };

    // An outcome that is neither an end nor a reason to stop is told, and tried again.
    private IObservable<SaleEvent?> GivenUp(SlotKey slot, TransactionOutcome outcome, SlotView view) => outcome switch
    {
        TransactionLanded landed when view.State == SlotState.Failed =>
            Observable.Return<SaleEvent?>(new SlotWrittenOff(landed.Block, view.MissedProofs)),
        TransactionLanded landed => Observable.Return<SaleEvent?>(
            new SlotGivenUp(landed.Block, landed.Payout, view.MissedProofs)).Do(_ =>
        {
            if (landed.Payout is null)
            {
                retry.Alarm($"Slot {slot.ToShortString()} was freed in block {landed.Block.Number}, and nothing was paid: its collateral is lost.");
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

    // The end must stand in a final block: a refused transaction may land after all. News of that may be late, so the slot
    // is looked at once more before its data is deleted. Only events tell a lost slot from one that always was another's:
    // they are waited for.
    private IObservable<SaleEvent> UntilItStands(SaleSettling state) => retry.RetryForever(
        from known in told.WhenHead(state.Since)
        from seen in WhenItStays(state.Sale.Slot, view => IsAsEnded(state, view))
        from last in seen.Stays ? View(state.Sale.Slot) : Observable.Return(seen.View)
        from heard in state.End.Reason is SaleReason.ForcedOut ? told.WhenEvents(last.AsOf.Number) : Observable.Return(Unit.Default)
        select IsAsEnded(state, last)
            ? new EndStands()
            : (SaleEvent)(Seen(state.Sale, last) with { Hold = HoldIfFilled(state.Sale, state.Stake, last) }));

    // A request that was not known may be known again: then its slot may be filled after all. Another host's fill may be
    // taken back; when it has come to its end, the slot in repair is another offer. The event by which a slot was never
    // this host's may be told after the one by which it is another's.
    private bool IsAsEnded(SaleSettling state, SlotView view) => IsMine(view) ? view.State == state.OwnState : state.End.Reason switch
    {
        SaleReason.RequestUnknown => view.RequestState is null,
        SaleReason.FilledByAnother => state.Stake.Hold is null || view.State is not SlotState.Free || IsConclusive(view),
        SaleReason.ForcedOut => !Seen(state.Sale, view).IsTakenBack,
        _ => true,
    };

    // Looks at a slot now, at each new period and each reorganisation, and whenever there is news of it, until it is otherwise
    // than expected, or is as expected since a final block. An answer as of such a block stays true: no node need know the
    // block any more.
    private IObservable<(SlotView View, bool Stays)> WhenItStays(SlotKey slot, Func<SlotView, bool> isAsExpected) => Observable.Using(
        () => new Standing(told.Replaced),
        standing => told.Looks.Select(_ => Unit.Default)
            .Merge(NewsOf(slot))
            .Select(_ => retry.RetryForever(told.WhenHeadOfNews().SelectMany(_ => View(slot)).SelectMany(view => isAsExpected(view)
                ? told.WhenFinal(standing.Since(view.AsOf.Number)).Select(_ => (view, true))
                : Observable.Return((view, false)))))
            .Switch()
            .Take(1));

    // The first block as of which the answer was the same, as long as that block is not replaced.
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
