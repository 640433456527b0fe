using CodexSales.Rx.Ports.Store;
using static CodexSales.Rx.Domain.SaleStateName;

namespace CodexSales.Rx.Selling;

/// <summary>The ends of sales, with their earnings and losses. Pure.</summary>
/// <remarks>An end that can't be undone waits: as long as a transaction of this host may fill the slot after blocks
/// were replaced, an end comes by way of <see cref="SaleSettling"/>.</remarks>
internal static class SaleEnds
{
    public static SaleState Remembered(SaleUnknown state, SaleEnd end) =>
        new SaleEnded(state.Sale, state.Stored!.State, state.Stake, end.Reason, end.Detail) // An end is remembered in its record.
        {
            Earned = end.Earned,
            CollateralLost = end.CollateralLost,
            Again = AgainAfter(end.Reason),
        };

    /// <summary>It came to nothing; nobody is to blame.</summary>
    public static SaleState Ignored(
        SaleState state, SaleReason reason, string detail, RequeuePolicy again = RequeuePolicy.Never) =>
        Settle(new SaleEnded(state.Sale, SaleIgnored, state.Stake, reason, detail) with { Again = again });

    public static SaleState Errored(
        SaleState state, SaleReason reason, string detail, RequeuePolicy again = RequeuePolicy.Never) =>
        Settle(new SaleEnded(state.Sale, SaleErrored, state.Stake, reason, detail) with { Again = again });

    /// <summary>Its block was replaced, or never was: either passes, the request may stand in another block by now.</summary>
    public static SaleState Unknown(SaleState state, string detail = "The contract does not know the request.") =>
        Errored(state, SaleReason.RequestUnknown, detail, RequeuePolicy.AfterPause);

    /// <summary>The slot was this host's, and is no more: all that was put down for it is lost.</summary>
    public static SaleState ForcedOut(
        SaleState state, string detail = "The contract took the slot away after missed proofs.", ulong since = 0) =>
        Settle(
            new SaleEnded(state.Sale, SaleErrored, state.Stake, SaleReason.ForcedOut, detail) with
            {
                CollateralLost = state.Sale.Terms.Collateral,
            },
            since);

    /// <summary>The request failed; whoever fills a slot of it loses the collateral.</summary>
    public static SaleState Failed(SaleState state, ulong since = 0, SlotState? ownState = null) => Settle(
        new SaleEnded(state.Sale, SaleStateName.SaleFailed, state.Stake, SaleReason.RequestFailed, "The request lost too many slots.") with
        {
            CollateralLost = state.Stake.WasMine ? state.Sale.Terms.Collateral : UInt256.Zero,
        },
        since,
        ownState);

    /// <summary>The request was not filled in time, and this host had filled no slot of it.</summary>
    public static SaleState Expired(SaleState state) => Settle(ExpiredEnd(state.Sale, state.Stake));

    /// <summary>The contract has paid, and nobody heard of it.</summary>
    public static SaleState Paid(Sale sale, Stake stake, SlotView view)
    {
        var end = view.RequestState is RequestState.Cancelled
            ? WithPayout(ExpiredEnd(sale, stake), null, sale.Terms.ExpiresAt)
            : WithPayout(PaidEnd(sale, stake), null, sale.Terms.EndsAt);
        return Settle(end with { CollateralLost = LostOf(sale.Terms, stake.CollateralLeft) }, 0, SlotState.Paid);
    }

    public static SaleState GivenUp(SaleState state, SlotGivenUp given)
    {
        var (sale, stake, since) = (state.Sale, WithMissed(state.Stake, given.MissedProofs), given.Block.Number);
        return given.Payout is not { } payout ? ForcedOut(
                state with { Stake = stake },
                "The contract was asked for the payout, counted the slot as filled, and took it away.",
                since)
            : state is SaleCancelled
                ? Settle(WithPayout(ExpiredEnd(sale, stake), payout, sale.Terms.ExpiresAt), since, SlotState.Paid)
                : Settle(WithPayout(PaidEnd(sale, stake), payout, sale.Terms.EndsAt), since, SlotState.Paid);
    }

    /// <summary>Nothing is paid for the slot, and nothing comes back.</summary>
    public static SaleState WrittenOff(SaleState state, SlotWrittenOff off)
    {
        var (sale, stake, since) = (state.Sale, WithMissed(state.Stake, off.MissedProofs), off.Block.Number);
        var lost = sale.IsAdopted ? UInt256.Zero : sale.Terms.Collateral;
        return state switch
        {
            SaleCancelled => Settle(ExpiredEnd(sale, stake) with { CollateralLost = lost }, since, SlotState.Cancelled),
            SalePayout => Settle(PaidEnd(sale, stake) with { CollateralLost = lost }, since, SlotState.Finished),
            _ => Failed(state with { Stake = stake with { WasMine = true } }, since, SlotState.Failed),
        };
    }

    /// <summary>The stake in a slot that is this host's by the contract.</summary>
    public static Stake AsMine(Stake stake, SlotSeen seen) =>
        WithMissed(MineAsOf(stake, seen.View.AsOf), seen.View.MissedProofs) with
        {
            Hold = seen.Hold ?? stake.Hold,
            HasData = true,
            FilledAt = LaterOf(stake.FilledAt, seen.FilledAt),
            CollateralLeft = seen.View.State is SlotState.Paid ? stake.CollateralLeft : seen.View.Collateral,
        };

    /// <summary>As of a block the slot is this host's.</summary>
    public static Stake MineAsOf(Stake stake, BlockStamp block) => stake with
    {
        WasMine = true,
        MineSince = stake.WasMine ? Math.Min(stake.MineSince, block.Number) : block.Number,
        IsFillSent = true,
    };

    // A reorganisation may have moved the fill to a later block. An earlier one may be that of a host before.
    private static UnixSeconds? LaterOf(UnixSeconds? known, UnixSeconds? told) => told > known ? told : known ?? told;

    private static RequeuePolicy AgainAfter(SaleReason reason) => reason switch
    {
        SaleReason.NoAvailability => RequeuePolicy.WhenAvailabilityWidens,
        SaleReason.Paid or SaleReason.TooLate or SaleReason.RequestExpired or SaleReason.RequestFailed
            or SaleReason.ForcedOut => RequeuePolicy.Never,
        _ => RequeuePolicy.AfterPause,
    };

    private static Stake WithMissed(Stake stake, ulong missed) =>
        stake with { MissedProofs = (int)Math.Min(missed, int.MaxValue) };

    private static SaleState Settle(SaleEnded end, ulong since = 0, SlotState? ownState = null) =>
        end.Stake.IsFillSent ? new SaleSettling(end, end.Stake, since, ownState) : end;

    private static SaleEnded PaidEnd(Sale sale, Stake stake) =>
        new(sale, SaleFinished, stake, SaleReason.Paid, "The contract has paid.");

    private static SaleEnded ExpiredEnd(Sale sale, Stake stake) =>
        new(sale, SaleStateName.SaleCancelled, stake, SaleReason.RequestExpired, "The request was not filled in time.");

    // The payout by the contract's rules, if nobody heard of it. The contract counts the whole collateral of the ask as put
    // down, also for a slot in repair, which costs less: the difference is the repair's reward.
    // Source: contract functions _slotPayout, fillSlot.
    private static SaleEnded WithPayout(SaleEnded end, SlotPayout? payout, UnixSeconds until)
    {
        var terms = end.Sale.Terms;
        return payout switch
        {
            null => end with
            {
                Earned = end.Stake.FilledAt is { } filledAt
                    ? terms.RewardFor(until.SecondsSince(filledAt)) + terms.RepairReward
                    : UInt256.Zero,
            },
            { Collateral: var back } when back == UInt256.Zero => end with
            {
                Earned = payout.Reward, CollateralLost = terms.Collateral,
            },
            _ => end with
            {
                Earned = payout.Reward + terms.RepairReward,
                CollateralLost = LostOf(terms, payout.Collateral),
            },
        };
    }

    private static UInt256 LostOf(SlotTerms terms, UInt256? left) =>
        left < terms.WholeCollateral ? terms.WholeCollateral - left.Value : UInt256.Zero;
}
