using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The rules of a sale: which state follows when something happens in a state. Pure. To enter a state starts that
/// state's work (<see cref="SalesAgent"/>) and stops the work of the one before; a state that stays itself lets its
/// work go on.
/// </summary>
/// <remarks>How a sale ends, and what it then has brought, stands in <see cref="SaleEnds"/>.</remarks>
internal static class SaleMachine
{
    public static SaleState Step(SaleState state, SaleEvent happened) => (state, happened) switch
    {
        (not SaleEnded, RequestTold told) => OnTold(state, told),
        (SaleWithStake { Stake: { WasMine: true } stake } owner, BlocksReplaced replaced)
            when replaced.From <= stake.MineSince => owner with { Stake = stake with { WasMine = false } },
        (not SaleEnded, BlocksReplaced) => state,
        _ => OnEvent(state, happened),
    };

    private static SaleState OnTold(SaleState state, RequestTold told) =>
        (state.Sale.Terms.ExpiresAt, state.Sale.Terms.EndsAt) == (told.ExpiresAt, told.EndsAt)
            ? state
            : state with
            {
                Sale = state.Sale with
                {
                    Terms = state.Sale.Terms with { ExpiresAt = told.ExpiresAt, EndsAt = told.EndsAt },
                },
            };

    private static SaleState OnEvent(SaleState state, SaleEvent happened) => state switch
    {
        SaleUnknown unknown => OnUnknown(unknown, happened),
        SalePreparing preparing => OnPreparing(preparing, happened),
        SaleSlotReserving reserving => OnReserving(reserving, happened),
        SaleDownloading downloading => OnDownloading(downloading, happened),
        SaleInitialProving proving => OnInitialProving(proving, happened),
        SaleFilling filling => OnFilling(filling, happened),
        SaleFilled filled => OnFilled(filled, happened),
        SaleProving proving => OnProving(proving, happened),
        SalePayout or SaleCancelled or SaleFailed => OnOver((SaleWithStake)state, happened),
        SaleSettling settling => OnSettling(settling, happened),
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnUnknown(SaleUnknown state, SaleEvent happened) => (happened, state.Left?.End) switch
    {
        (EndRemembered, { } end) => SaleEnds.Remembered(state, state.Left!, end),
        (SlotSeen seen, null) when seen.IsMine || !HasFillToCome(state.Left) => OnSeen(state.Sale, StakeOf(state), seen),
        (SlotSeen seen, null) => GoOn(state, seen),
        (SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain, _) =>
            state, // Ignored: the view that is being asked for will say the same.
        _ => throw Impossible(state, happened),
    };

    // A sale that had not filled its slot yet goes on with the space that it holds; what it had fetched is still there.
    private static SaleState GoOn(SaleUnknown state, SlotSeen seen)
    {
        var sale = state.Sale with { Request = seen.Request };
        return !IsOpen(seen.View) ? OnSeen(sale, StakeOf(state), seen)
            : seen.View.RequestState is null ? SaleEnds.Unknown(sale, StakeOf(state))
            : state.Hold is not { } hold ? SaleEnds.Ignored(
                sale, StakeOf(state), SaleReason.NoAvailability, "The availability that it held is gone.",
                RequeuePolicy.WhenAvailabilityWidens)
            : state.Left!.State switch
            {
                SaleStateName.SaleFilling => new SaleFilling(sale, hold, Proof: null),
                SaleStateName.SaleSlotReserving => new SaleSlotReserving(sale, hold, WasSent: true),
                _ => new SaleDownloading(sale, hold),
            };
    }

    private static bool HasFillToCome(SaleRecord? left) => left is not null && left.State.IsAcquiring();

    private static Stake StakeOf(SaleUnknown state) => new(
        state.Hold,
        HasData: true,
        state.Left?.FilledAt,
        state.Left?.MissedProofs ?? 0,
        WasMine: state.Left is null || !state.Left.State.IsAcquiring() && WasMine(state.Left),
        IsFillSent: state.Left is null || !state.Left.State.IsAcquiring()
            || state.Left.State is SaleStateName.SaleFilling);

    // After a host is forced out the slot has no host, so the view alone can't tell whether it ever was ours.
    private static bool WasMine(SaleRecord left) => left.State is SaleStateName.SaleProving or SaleStateName.SalePayout
        || left is { FilledAt: not null } or { MissedProofs: > 0 };

    private static SaleState OnPreparing(SalePreparing state, SaleEvent happened) => happened switch
    {
        Prepared prepared => new SaleSlotReserving(
            state.Sale with { Request = prepared.Request }, prepared.Hold, prepared.MayReserve),
        RequestNotFound => SaleEnds.Unknown(state.Sale, Nothing),
        SlotSeen seen => seen.IsMine ? OnSeen(state.Sale, Nothing, seen) : NotFree(state.Sale, Nothing, seen),
        ExpiryTooNear => TooLate(state.Sale, Nothing),
        NothingTakesIt nothing => SaleEnds.Ignored(
            state.Sale, Nothing, SaleReason.NoAvailability, $"No availability takes it: {nothing.Refusal}.",
            RequeuePolicy.WhenAvailabilityWidens),
        FundsTooLow poor => SaleEnds.Ignored(
            state.Sale, Nothing, SaleReason.InsufficientFunds, poor.Detail, RequeuePolicy.AfterPause),
        _ => OnFailure(state, Nothing, happened),
    };

    private static SaleState OnReserving(SaleSlotReserving state, SaleEvent happened)
    {
        var (sale, stake) = (state.Sale, new Stake(state.Hold, HasData: state.IsAgain, IsFillSent: state.IsAgain));
        return happened switch
        {
            SlotReserved => new SaleDownloading(sale, state.Hold),
            ReservationRefused refused => SaleEnds.Ignored(
                sale, stake, SaleReason.ReservationNotAllowed, refused.Detail, RequeuePolicy.AfterPause),
            SlotSeen seen => seen.IsMine ? OnSeen(sale, stake, seen) : NotFree(sale, stake, seen),
            RequestNotFound => SaleEnds.Unknown(sale, stake),
            _ => OnFailure(state, stake, happened),
        };
    }

    private static SaleState OnDownloading(SaleDownloading state, SaleEvent happened) => happened switch
    {
        DataStored => new SaleInitialProving(state.Sale, state.Hold),
        ExpiryTooNear => TooLate(state.Sale, Stored(state.Hold)),
        _ => OnFailure(state, Stored(state.Hold), happened),
    };

    private static SaleState OnInitialProving(SaleInitialProving state, SaleEvent happened) => happened switch
    {
        InitialProofMade made => new SaleFilling(state.Sale, state.Hold, made.Proof),
        ExpiryTooNear => TooLate(state.Sale, Stored(state.Hold)),
        _ => OnFailure(state, Stored(state.Hold), happened),
    };

    private static SaleState OnFilling(SaleFilling state, SaleEvent happened)
    {
        var (sale, stake) = (state.Sale, new Stake(state.Hold));
        return happened switch
        {
            FillLanded landed => Filled(sale, stake, landed),
            SlotSeen seen => OnSeen(sale, stake, seen),
            ExpiryTooNear => TooLate(sale, stake),
            FillRefused { Refusal: MarketRefusal.ReservationRequired } => new SaleSlotReserving(sale, state.Hold, IsAgain: true),
            FillRefused { Refusal: MarketRefusal.InsufficientFunds } refused => SaleEnds.Errored(
                sale, stake, SaleReason.InsufficientFunds, refused.Detail, RequeuePolicy.AfterPause),
            FillRefused refused => SaleEnds.Errored(sale, stake, SaleReason.TransactionRefused, refused.Detail, RequeuePolicy.AfterPause),
            _ => OnInterruption(state, stake, happened),
        };
    }

    private static SaleState OnFilled(SaleFilled state, SaleEvent happened) => happened switch
    {
        SlotSeen seen => OnSeen(state.Sale, state.Stake, seen),
        FillLanded landed => state with { Stake = Mine(state.Stake, landed) },
        SlotTaken or RequestGoneFromChain => state, // Whose it is, is being asked.
        RequestExpiredOnChain => new SaleCancelled(state.Sale, state.Stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, state.Stake),
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnProving(SaleProving state, SaleEvent happened) => happened switch
    {
        SlotSeen seen => OnSeen(state.Sale, state.Stake, seen),
        RequestExpiredOnChain => new SaleCancelled(state.Sale, state.Stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, state.Stake),
        SlotTaken or FillLanded => state, // Our own fill, told of once more.
        RequestGoneFromChain => state, // What the slot says counts.
        _ => throw Impossible(state, happened),
    };

    // Payout, cancelled, failed: what was taken for the end may not have been. What the slot says counts.
    private static SaleState OnOver(SaleWithStake state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given => SaleEnds.GivenUp(state, given),
        SlotWrittenOff off => SaleEnds.WrittenOff(state, off),
        SlotSeen seen => OnSeen(state.Sale, state.Stake, seen),
        FillLanded landed => state with { Stake = Mine(state.Stake, landed) },
        SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain => state,
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnSettling(SaleSettling state, SaleEvent happened) => happened switch
    {
        EndStands => state.End,
        SlotSeen seen => OnSeen(state.Sale, state.Stake, seen),
        FillLanded landed => Filled(state.Sale, state.Stake, landed),
        SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain => state,
        _ => throw Impossible(state, happened),
    };

    // Where a sale stands by what the contract says of its slot, wherever it stood before.
    private static SaleState OnSeen(Sale sale, Stake stake, SlotSeen seen) =>
        seen.IsMine ? OnMine(InRepair(sale, seen), SaleEnds.AsMine(stake, seen), seen.View) : OnNotMine(sale, stake, seen);

    // The slot may have lost another host while the sale was under way, or nothing ran: it then cost less, and pays for the repair.
    private static Sale InRepair(Sale sale, SlotSeen seen) => seen.RepairTerms is { } terms && !sale.Terms.IsRepair
        ? sale with { Terms = terms with { ExpiresAt = sale.Terms.ExpiresAt, EndsAt = sale.Terms.EndsAt } }
        : sale;

    private static SaleState OnMine(Sale sale, Stake stake, SlotView view) => view.State switch
    {
        SlotState.Filled => new SaleProving(sale, stake),
        SlotState.Finished => new SalePayout(sale, stake),
        SlotState.Cancelled => new SaleCancelled(sale, stake),
        SlotState.Failed => new SaleFailed(sale, stake),
        SlotState.Paid => SaleEnds.Paid(sale, stake, view),
        _ => throw new UnreachableException($"Slot {sale.Slot.ToShortString()} is {view.State}, and yet a host fills it."),
    };

    // A fill that was taken back with its block costs nothing.
    private static SaleState OnNotMine(Sale sale, Stake stake, SlotSeen seen) => seen.IsTakenBack
        ? OnOthers(sale, stake with { WasMine = false, FilledAt = null, MissedProofs = 0 }, seen)
        : OnOthers(sale, stake, seen);

    private static SaleState OnOthers(Sale sale, Stake stake, SlotSeen seen) => (seen.View, stake) switch
    {
        ({ State: SlotState.Free, RequestState: RequestState.New or RequestState.Started }, { IsFillSent: true, Hold: { } hold }) =>
            new SaleFilling(sale, hold, Proof: null),
        ({ State: SlotState.Failed }, _) => SaleEnds.Failed(sale, stake),
        (_, { WasMine: true }) => SaleEnds.ForcedOut(sale, stake with { MissedProofs = seen.MissedIfLost }),
        ({ State: SlotState.Cancelled } or { RequestState: RequestState.Cancelled }, _) => SaleEnds.Expired(sale, stake),
        ({ RequestState: RequestState.Failed }, _) => SaleEnds.Failed(sale, stake),
        ({ RequestState: null }, _) => SaleEnds.Unknown(sale, stake),
        ({ State: SlotState.Repair }, { IsFillSent: true, Hold: { } hold }) => new SaleFilling(sale, hold, Proof: null),
        _ => SaleEnds.Ignored(
            sale, stake, SaleReason.FilledByAnother, "Another host filled the slot first.", RequeuePolicy.AfterPause),
    };

    private static SaleState OnFailure(SaleState state, Stake stake, SaleEvent happened) =>
        happened is WorkFailed failed
            ? SaleEnds.Errored(state.Sale, stake, failed.Reason, failed.Detail, failed.Again)
            : OnInterruption(state, stake, happened);

    private static SaleState OnInterruption(SaleState state, Stake stake, SaleEvent happened) => happened switch
    {
        SlotTaken taken => new SaleFilled(state.Sale, stake, taken.Block.Number),
        RequestExpiredOnChain => new SaleCancelled(state.Sale, stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, stake),
        RequestGoneFromChain => SaleEnds.Unknown(state.Sale, stake, "The block of the request was taken back."),
        _ => throw Impossible(state, happened),
    };

    private static SaleFilled Filled(Sale sale, Stake stake, FillLanded landed) =>
        new(sale, Mine(stake, landed), landed.Block.Number);

    private static Stake Mine(Stake stake, FillLanded landed) =>
        stake with
        {
            FilledAt = stake.FilledAt ?? landed.Block.Time,
            WasMine = true,
            MineSince = stake.WasMine ? Math.Min(stake.MineSince, landed.Block.Number) : landed.Block.Number,
            IsFillSent = true,
        };

    private static SaleState NotFree(Sale sale, Stake stake, SlotSeen seen) => seen.View.RequestState switch
    {
        RequestState.Cancelled => TooLate(sale, stake),
        RequestState.Failed => SaleEnds.Failed(sale, stake),
        _ => SaleEnds.Ignored(
            sale, stake, SaleReason.SlotNotFree, $"The slot is {seen.View.State} already.", RequeuePolicy.AfterPause),
    };

    private static SaleState TooLate(Sale sale, Stake stake) =>
        SaleEnds.Ignored(sale, stake, SaleReason.TooLate, "The request expires too soon to be filled.");

    private static bool IsOpen(SlotView view) => view is
        { State: SlotState.Free or SlotState.Repair, RequestState: RequestState.New or RequestState.Started or null };

    private static Stake Nothing { get; } = new(null, HasData: false, IsFillSent: false);

    private static Stake Stored(Hold hold) => new(hold, HasData: true, IsFillSent: false);

    private static UnreachableException Impossible(SaleState state, SaleEvent happened) =>
        new($"{happened.GetType().Name} can't happen in {state.GetType().Name} (sale {state.Sale.Number}, slot {state.Sale.Slot.ToShortString()}).");
}
