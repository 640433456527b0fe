using System.Diagnostics;

namespace CodexSales.Rx.Selling;

/// <summary>The rules of a sale: which state follows when something happens in a state. Pure. To enter a state starts
/// that state's work (<see cref="SalesAgent"/>) and stops the work of the one before; a state that stays itself lets
/// its work go on.</summary>
/// <remarks>The ends are in <see cref="SaleEnds"/>.</remarks>
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

    private static SaleState OnUnknown(SaleUnknown state, SaleEvent happened) => (happened, state.Stored?.End) switch
    {
        (EndRemembered, { } end) => SaleEnds.Remembered(state, end),
        (SlotSeen seen, null) when seen.IsMine || state.Stored?.State.IsAcquiring() is not true => OnSeen(state, seen),
        (SlotSeen seen, null) => GoOn(state with { Sale = state.Sale with { Request = seen.Request } }, seen),
        (SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain, _) =>
            state, // Ignored: the view that is being asked for will say the same.
        _ => throw Impossible(state, happened),
    };

    // A sale that had not filled its slot yet goes on with the space that it holds; its data is still there.
    private static SaleState GoOn(SaleUnknown state, SlotSeen seen) =>
        !IsOpen(seen.View) ? OnSeen(state, seen)
        : seen.View.RequestState is null ? SaleEnds.Unknown(state)
        : state.Hold is not { } hold ? SaleEnds.Ignored(
            state, SaleReason.NoAvailability, "The availability that it held is gone.", RequeuePolicy.WhenAvailabilityWidens)
        : state.Stored!.State switch
        {
            SaleStateName.SaleFilling => new SaleFilling(state.Sale, hold, Proof: null),
            SaleStateName.SaleSlotReserving => new SaleSlotReserving(state.Sale, hold, WasSent: true),
            _ => new SaleDownloading(state.Sale, hold),
        };

    private static SaleState OnPreparing(SalePreparing state, SaleEvent happened) => happened switch
    {
        Prepared prepared => new SaleSlotReserving(
            state.Sale with { Request = prepared.Request }, prepared.Hold, prepared.MayReserve),
        RequestNotFound => SaleEnds.Unknown(state),
        SlotSeen seen => seen.IsMine ? OnSeen(state, seen) : NotFree(state, seen),
        ExpiryTooNear => TooLate(state),
        NothingTakesIt nothing => SaleEnds.Ignored(
            state, SaleReason.NoAvailability, $"No availability takes it: {nothing.Refusal}.", RequeuePolicy.WhenAvailabilityWidens),
        FundsTooLow poor => SaleEnds.Ignored(state, SaleReason.InsufficientFunds, poor.Detail, RequeuePolicy.AfterPause),
        _ => OnFailure(state, happened),
    };

    private static SaleState OnReserving(SaleSlotReserving state, SaleEvent happened) => happened switch
    {
        SlotReserved => new SaleDownloading(state.Sale, state.Hold),
        ReservationRefused refused => SaleEnds.Ignored(
            state, SaleReason.ReservationNotAllowed, refused.Detail, RequeuePolicy.AfterPause),
        SlotSeen seen => seen.IsMine ? OnSeen(state, seen) : NotFree(state, seen),
        RequestNotFound => SaleEnds.Unknown(state),
        _ => OnFailure(state, happened),
    };

    private static SaleState OnDownloading(SaleDownloading state, SaleEvent happened) => happened switch
    {
        DataStored => new SaleInitialProving(state.Sale, state.Hold),
        ExpiryTooNear => TooLate(state),
        _ => OnFailure(state, happened),
    };

    private static SaleState OnInitialProving(SaleInitialProving state, SaleEvent happened) => happened switch
    {
        InitialProofMade made => new SaleFilling(state.Sale, state.Hold, made.Proof),
        ExpiryTooNear => TooLate(state),
        _ => OnFailure(state, happened),
    };

    private static SaleState OnFilling(SaleFilling state, SaleEvent happened) => happened switch
    {
        FillLanded landed => Filled(state, landed),
        SlotSeen seen => OnSeen(state, seen),
        ExpiryTooNear => TooLate(state),
        FillRefused { Refusal: MarketRefusal.ReservationRequired } => new SaleSlotReserving(state.Sale, state.Hold, IsAgain: true),
        FillRefused refused => SaleEnds.Errored(
            state,
            refused.Refusal is MarketRefusal.InsufficientFunds ? SaleReason.InsufficientFunds : SaleReason.TransactionRefused,
            refused.Detail,
            RequeuePolicy.AfterPause),
        _ => OnInterruption(state, happened),
    };

    private static SaleState OnFilled(SaleFilled state, SaleEvent happened) => happened switch
    {
        SlotSeen seen => OnSeen(state, seen),
        FillLanded landed => state with { Stake = Mine(state.Stake, landed) },
        SlotTaken or RequestGoneFromChain => state, // The chain is asked already whose it is.
        RequestExpiredOnChain => new SaleCancelled(state.Sale, state.Stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, state.Stake),
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnProving(SaleProving state, SaleEvent happened) => happened switch
    {
        SlotSeen seen => OnSeen(state, seen),
        RequestExpiredOnChain => new SaleCancelled(state.Sale, state.Stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, state.Stake),
        SlotTaken or FillLanded => state, // Our own fill, told of once more.
        RequestGoneFromChain => state, // The slot counts.
        _ => throw Impossible(state, happened),
    };

    // Payout, cancelled, failed: the supposed end may not have been one. The contract's state of the slot counts.
    private static SaleState OnOver(SaleWithStake state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given => SaleEnds.GivenUp(state, given),
        SlotWrittenOff off => SaleEnds.WrittenOff(state, off),
        SlotSeen seen => OnSeen(state, seen),
        FillLanded landed => state with { Stake = Mine(state.Stake, landed) },
        SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain => state,
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnSettling(SaleSettling state, SaleEvent happened) => happened switch
    {
        EndStands => state.End,
        SlotSeen seen => OnSeen(state, seen),
        FillLanded landed => Filled(state, landed),
        SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain => state,
        _ => throw Impossible(state, happened),
    };

    // The contract's word on the slot decides where the sale stands, wherever it stood before.
    private static SaleState OnSeen(SaleState state, SlotSeen seen) => seen.IsMine
        ? OnMine(InRepair(state.Sale, seen), SaleEnds.AsMine(state.Stake, seen), seen.View)
        : OnNotMine(state, seen);

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
    private static SaleState OnNotMine(SaleState state, SlotSeen seen) => OnOthers(
        seen.IsTakenBack ? state with { Stake = state.Stake with { WasMine = false, FilledAt = null, MissedProofs = 0 } } : state,
        seen);

    private static SaleState OnOthers(SaleState state, SlotSeen seen) => (seen.View, state.Stake) switch
    {
        ({ State: SlotState.Free, RequestState: RequestState.New or RequestState.Started }, { IsFillSent: true, Hold: { } hold }) =>
            new SaleFilling(state.Sale, hold, Proof: null),
        ({ State: SlotState.Failed }, _) => SaleEnds.Failed(state),
        (_, { WasMine: true } stake) => SaleEnds.ForcedOut(state with { Stake = stake with { MissedProofs = seen.MissedIfLost } }),
        ({ State: SlotState.Cancelled } or { RequestState: RequestState.Cancelled }, _) => SaleEnds.Expired(state),
        ({ RequestState: RequestState.Failed }, _) => SaleEnds.Failed(state),
        ({ RequestState: null }, _) => SaleEnds.Unknown(state),
        ({ State: SlotState.Repair }, { IsFillSent: true, Hold: { } hold }) => new SaleFilling(state.Sale, hold, Proof: null),
        _ => SaleEnds.Ignored(
            state, SaleReason.FilledByAnother, "Another host filled the slot first.", RequeuePolicy.AfterPause),
    };

    private static SaleState OnFailure(SaleState state, SaleEvent happened) => happened is WorkFailed failed
        ? SaleEnds.Errored(state, failed.Reason, failed.Detail, failed.Again)
        : OnInterruption(state, happened);

    private static SaleState OnInterruption(SaleState state, SaleEvent happened) => happened switch
    {
        SlotTaken taken => new SaleFilled(state.Sale, state.Stake, taken.Block.Number),
        RequestExpiredOnChain => new SaleCancelled(state.Sale, state.Stake),
        RequestFailedOnChain => new SaleFailed(state.Sale, state.Stake),
        RequestGoneFromChain => SaleEnds.Unknown(state, "The block of the request was taken back."),
        _ => throw Impossible(state, happened),
    };

    private static SaleFilled Filled(SaleState state, FillLanded landed) =>
        new(state.Sale, Mine(state.Stake, landed), landed.Block.Number);

    private static Stake Mine(Stake stake, FillLanded landed) => SaleEnds.MineAsOf(stake, landed.Block) with
    {
        FilledAt = stake.FilledAt ?? landed.Block.Time,
    };

    private static SaleState NotFree(SaleState state, SlotSeen seen) => seen.View.RequestState switch
    {
        RequestState.Cancelled => TooLate(state),
        RequestState.Failed => SaleEnds.Failed(state),
        _ => SaleEnds.Ignored(
            state, SaleReason.SlotNotFree, $"The slot is {seen.View.State} already.", RequeuePolicy.AfterPause),
    };

    private static SaleState TooLate(SaleState state) =>
        SaleEnds.Ignored(state, SaleReason.TooLate, "The request expires too soon to be filled.");

    private static bool IsOpen(SlotView view) => view is
        { State: SlotState.Free or SlotState.Repair, RequestState: RequestState.New or RequestState.Started or null };

    private static UnreachableException Impossible(SaleState state, SaleEvent happened) =>
        new($"{happened.GetType().Name} can't happen in {state.GetType().Name} (sale {state.Sale.Number}, slot {state.Sale.Slot.ToShortString()}).");
}
