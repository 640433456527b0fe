using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

// From the first proof to the slot's host: filling, and the one question that decides it, who has the slot.
internal sealed partial class SalesAgent
{
    private IObservable<SaleEvent> Fill(SaleFilling state, FillsSent sent) =>
        Observable.Defer(() => new Filling(this, state, sent, retry, options, told, core).UntilDecided());

    private static IObservable<SaleEvent?> Again { get; } = Observable.Return<SaleEvent?>(null);

    private IObservable<TransactionOutcome> FillOnce(Sale sale, Groth16Proof proof) =>
        retry.SendNew(ct => market.FillSlotAsync(sale.Slot, proof, sale.Terms.Collateral, ct))
            .Catch((Exception error) =>
            {
                retry.Tell(error);
                return Observable.Return<TransactionOutcome>(
                    new TransactionInDoubt($"The transaction that fills the slot is not heard of: {error.Message}"));
            });

    // A node may tell of the fill before it tells of its block. An event names the block as well: a slot of ours is proved,
    // whatever the transaction's outcome was.
    private IObservable<SaleEvent> FindHost(SaleFilled state) =>
        from known in told.WhenHead(state.Since).Amb(events.About(state.Sale.Slot.RequestId)
            .FirstAsync(happened => happened is SlotFilled { Slot: var filled } && filled == state.Sale.Slot)
            .SelectMany(_ => told.WhenHeadOfNews()))
        from view in View(state.Sale.Slot)
        select (SaleEvent)Found(state, view);

    private SlotSeen Found(SaleFilled state, SlotView view)
    {
        if (state.Stake.WasMine && !IsMine(view))
        {
            retry.Alarm($"Slot {state.Sale.Slot.ToShortString()} was told to be filled for this host in block {state.Stake.MineSince}, "
                + $"and as of block {view.AsOf.Number} it is not this host's.");
        }

        return Held(state, Seen(state.Sale, view));
    }

    private SlotSeen Held(SaleState state, SlotSeen seen) => seen with { Hold = HoldIfFilled(state.Sale, state.Stake, seen.View) };

    // A slot may be found to be ours before anything is held for it: by a transaction from before a restart.
    private Hold? HoldIfFilled(Sale sale, Stake stake, SlotView view)
    {
        if (!IsMine(view) || view.State != SlotState.Filled)
        {
            return null;
        }

        var terms = sale.Terms;
        var filledAt = openSlots.FilledAt(sale.Slot) ?? stake.FilledAt ?? clock.Now; // After a restart the store knows before events are told.
        return (stake.Hold ?? ledger.ReserveRecovered(terms, sale.Slot.SlotIndex)) is { } held
            ? ledger.Fill(held, terms.RewardFrom(filledAt))
            : null;
    }

    // The contract takes no slot in the last second of its request, nor gives one back that was filled in it.
    private bool IsTooLate(Sale sale, SlotView view) => clock.Now.Plus((ulong)Math.Ceiling(LastSecondsBeforeExpiry * clock.Speed))
        >= (view.RequestState is RequestState.New ? sale.Terms.ExpiresAt : sale.Terms.EndsAt);

    // A transaction that is sent now is mined in the next block at the soonest. There the period must be the same, and the
    // pointer must not have wrapped: otherwise the challenge is another one. A fill can wait for a better moment, so the
    // usual time of a block counts, less the part that has passed.
    private bool IsTimeToLand(SlotView view) => view.Demand is { } demand
        && !WillWrap(view.AsOf, demand)
        && demand.Period == told.Period
        && demand.Period == Math.Max(told.Head.Time.Value + (ulong)Math.Ceiling(told.BlockSeconds), clock.Now.Value)
            / rules.ProofPeriodSeconds;

    // The transaction may be mined as long as the slot is free. Until the slot has a host or the request ends it is sent
    // again, each time with a proof for the current challenge: the contract takes no other one.
    private sealed class Filling(
        SalesAgent agent, SaleFilling state, FillsSent sent, Retry retry, SellingOptions options, ToldBlocks told, IScheduler core)
    {
        private ChallengeProof? _proof = state.Proof;
        private IStopwatch? _inDoubt = state.Proof is null ? core.StartStopwatch() : null;
        private IStopwatch? _poor;
        private bool _isRenewed;

        public IObservable<SaleEvent> UntilDecided() =>
            retry.UntilDone(() => Observable.Defer(Look).DoWhile(() => _isRenewed));

        private IObservable<SaleEvent?> Look()
        {
            _isRenewed = false;
            return agent.View(state.Sale.Slot).SelectMany(Decide);
        }

        private IObservable<SaleEvent?> Decide(SlotView view) =>
            agent.WhyNotOpen(state.Sale.Slot, view) is { } taken
                ? Observable.Return<SaleEvent?>(agent.Held(state, taken))
            : _inDoubt?.Elapsed < options.TransactionDeadline ? Again
            : agent.IsTooLate(state.Sale, view) ? _inDoubt is null ? Observable.Return<SaleEvent?>(new ExpiryTooNear()) : Again
            : _proof is null || _proof.Challenge != view.Demand?.Challenge || !agent.IsTimeToLand(view) ? Renew()
            : sent.Send(agent.FillOnce(state.Sale, _proof.Proof)).SelectMany(outcome => Understand(outcome, view.AsOf));

        // Then it looks again at once, and not inside of this look: a fill may have to be proved anew for days.
        private IObservable<SaleEvent?> Renew() => agent.ProveStableChallenge(state.Sale.Slot).SelectMany(made =>
        {
            (_proof, _isRenewed) = (made, true);
            return Array.Empty<SaleEvent?>();
        });

        private IObservable<SaleEvent?> Understand(TransactionOutcome outcome, BlockStamp asOf)
        {
            _inDoubt = outcome is TransactionInDoubt ? core.StartStopwatch() : null;
            switch (outcome)
            {
                case TransactionLanded landed:
                    return Observable.Return<SaleEvent?>(new FillLanded(landed.Block));
                case TransactionInDoubt:
                    return Again;
                // As of the block in which the slot was free it still is: it would be sent again, for nothing.
                case TransactionRefused { Reason: MarketRefusal.SlotNotFree or MarketRefusal.UnknownRequest } refused:
                    return told.WhenHead(refused.Block?.Number ?? asOf.Number + 1).SelectMany(_ => Again);
                case TransactionRefused { Reason: MarketRefusal.InvalidProof } refused: // Of which challenge, the next look says.
                    return TryAgain($"The proof that fills slot {state.Sale.Slot} is refused: {refused.Detail}");
                case TransactionRefused { Reason: MarketRefusal.ProofAlreadySubmitted }:
                    _proof = null; // The slot has its proof of this period, of a host that has lost it: the next period is free.
                    return Again;
                case TransactionRefused { Reason: MarketRefusal.InsufficientFunds } lacking
                    when (_poor ??= core.StartStopwatch()).Elapsed < options.TransactionDeadline:
                    return TryAgain(lacking.Detail);
                case TransactionRefused refused:
                    return Observable.Return<SaleEvent?>(new FillRefused(refused.Reason, refused.Detail));
                case TransactionNotSent unsent:
                    return TryAgain(unsent.Detail);
                default:
                    throw new UnreachableException();
            }
        }
    }
}
