using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;
using static CodexSales.Rx.Selling.SaleStateName;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The rules of a sale: which state follows when something happens in a state. Pure. To enter a state starts that
/// state's work (<see cref="SalesAgent"/>) and stops the work of the one before; a state that stays itself lets its
/// work go on.
/// </summary>
internal static class SaleMachine
{
    public static SaleState Step(SaleState state, SaleEvent happened) => (state, happened) switch
    {
        (not SaleEnded, RequestTold told) => OnTold(state, told),
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
        SalePayout payout => OnPayout(payout, happened),
        SaleCancelled cancelled => OnCancelled(cancelled, happened),
        SaleFailed failed => OnFailed(failed, happened),
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnUnknown(SaleUnknown state, SaleEvent happened) => (happened, state.Left?.End) switch
    {
        (EndRemembered, { } end) => Remembered(state, state.Left!, end),
        (SlotFound { IsMine: true } found, null) => OnMine(state, found.State, state.Left?.FilledAt ?? found.FilledAt),
        (SlotFound found, null) => OnNotMine(state, found),
        (SlotTaken or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain, _) =>
            state, // The answer that is on its way says so, too.
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnMine(SaleUnknown state, SlotState found, UnixSeconds? filledAt)
    {
        var (sale, hold, missed) = (state.Sale, state.Hold, state.Left?.MissedProofs ?? 0);
        return found switch
        {
            SlotState.Filled => new SaleFilled(sale, hold, true, filledAt, missed, WasMine: true),
            SlotState.Finished => new SalePayout(sale, hold, filledAt, missed),
            SlotState.Paid when state.Left?.State is SaleStateName.SaleCancelled =>
                Cancelled(new SaleCancelled(sale, hold, true, filledAt, missed), null),
            SlotState.Paid => Finished(sale, hold, null, filledAt, missed),
            SlotState.Failed => new SaleFailed(sale, hold, true, filledAt, missed, WasMine: true),
            SlotState.Cancelled => new SaleCancelled(sale, hold, true, filledAt, missed, WasMine: true),
            _ => ForcedOut(sale, hold, filledAt, missed),
        };
    }

    // A sale that had not filled its slot yet goes on with the space that it holds; what it had fetched is still there.
    // A slot that was filled and given up is in repair: one that is free again was filled in a block that was taken back.
    private static SaleState OnNotMine(SaleUnknown state, SlotFound found) => (found.State, state.Left?.State) switch
    {
        (SlotState.Cancelled, _) => new SaleCancelled(
            state.Sale, state.Hold, true, state.Left?.FilledAt, state.Left?.MissedProofs ?? 0, WasMine(state.Left)),
        (SlotState.Failed, _) => new SaleFailed(
            state.Sale, state.Hold, true, state.Left?.FilledAt, state.Left?.MissedProofs ?? 0, WasMine(state.Left)),
        (SlotState.Free, SaleStateName.SaleFilled or SaleStateName.SaleProving) when state.Hold is not null =>
            new SaleFilling(state.Sale, state.Hold, Proof: null),
        (_, null or SaleStateName.SaleProving or SaleStateName.SalePayout) =>
            ForcedOut(state.Sale, state.Hold, state.Left?.FilledAt, state.Left?.MissedProofs ?? 0),
        (_, SaleStateName.SaleCancelled) => Cancelled(new SaleCancelled(state.Sale, state.Hold)),
        (_, SaleStateName.SaleFailed) => Failed(new SaleFailed(state.Sale, state.Hold), UInt256.Zero),
        (not (SlotState.Free or SlotState.Repair), _) or (_, SaleStateName.SaleFilled) =>
            Ignored(state.Sale, state.Hold, true, SaleReason.FilledByAnother, "Another host filled the slot first."),
        _ when found.Request is null =>
            Unknown(state.Sale, state.Hold, true),
        _ when state.Hold is null => Ignored(
            state.Sale, null, true, SaleReason.NoAvailability, "The availability that it held is gone.",
            SecondTry.WhenAvailabilityWidens),
        (_, SaleStateName.SaleFilling) => new SaleFilling(state.Sale, state.Hold, Proof: null),
        (_, SaleStateName.SaleSlotReserving) => new SaleSlotReserving(state.Sale, found.Request, state.Hold),
        _ => new SaleDownloading(state.Sale, found.Request, state.Hold),
    };

    // A slot that the contract took away is nobody's, and may have been so before the request came to its own end.
    private static bool WasMine(SaleRecord? left) => left?.State is SaleStateName.SaleProving or SaleStateName.SalePayout
        || left is { State: SaleStateName.SaleCancelled or SaleStateName.SaleFailed, FilledAt: not null } or { MissedProofs: > 0 };

    private static SaleState OnPreparing(SalePreparing state, SaleEvent happened) => happened switch
    {
        Prepared prepared => new SaleSlotReserving(state.Sale, prepared.Request, prepared.Hold),
        RequestNotFound => Unknown(state.Sale, null, false),
        SlotStateFound found =>
            Ignored(state.Sale, null, false, SaleReason.SlotNotFree, $"The slot is {found.State} already."),
        ExpiryTooNear => Ignored(state.Sale, null, false, SaleReason.TooLate, "The request expires too soon to be filled."),
        NothingTakesIt nothing => Ignored(
            state.Sale, null, false, SaleReason.NoAvailability, $"No availability takes it: {nothing.Refusal}.",
            SecondTry.WhenAvailabilityWidens),
        FundsTooLow poor => Ignored(
            state.Sale, null, false, SaleReason.InsufficientFunds, poor.Detail, SecondTry.AfterPause),
        _ => OnFailure(state, null, hasData: false, happened),
    };

    private static SaleState OnReserving(SaleSlotReserving state, SaleEvent happened) => happened switch
    {
        SlotReserved => new SaleDownloading(state.Sale, state.Request, state.Hold),
        ReservationRefused refused =>
            Ignored(state.Sale, state.Hold, false, SaleReason.ReservationNotAllowed, refused.Detail),
        RequestNotFound => Unknown(state.Sale, state.Hold, false),
        _ => OnFailure(state, state.Hold, hasData: false, happened),
    };

    private static SaleState OnDownloading(SaleDownloading state, SaleEvent happened) => happened switch
    {
        DataStored => new SaleInitialProving(state.Sale, state.Hold),
        _ => OnFailure(state, state.Hold, hasData: true, happened),
    };

    private static SaleState OnInitialProving(SaleInitialProving state, SaleEvent happened) => happened switch
    {
        InitialProofMade made => new SaleFilling(state.Sale, state.Hold, made.Proof),
        _ => OnFailure(state, state.Hold, hasData: true, happened),
    };

    private static SaleState OnFilling(SaleFilling state, SaleEvent happened) => happened switch
    {
        FillLanded landed => new SaleFilled(
            state.Sale, state.Hold, FilledAt: landed.At, WasMine: landed.At is not null), // Only our own transaction tells.
        ExpiryTooNear =>
            Ignored(state.Sale, state.Hold, true, SaleReason.TooLate, "The request expires too soon to be filled."),
        FillRefused { Refusal: MarketRefusal.SlotNotFree } refused =>
            Ignored(state.Sale, state.Hold, true, SaleReason.FilledByAnother, refused.Detail),
        FillRefused { Refusal: MarketRefusal.InsufficientFunds } refused =>
            Errored(state.Sale, state.Hold, true, SaleReason.InsufficientFunds, refused.Detail),
        FillRefused { Refusal: MarketRefusal.UnknownRequest } => Unknown(state.Sale, state.Hold, true),
        FillRefused refused => Errored(state.Sale, state.Hold, true, SaleReason.TransactionRefused, refused.Detail),
        _ => OnInterruption(state, state.Hold, hasData: true, happened),
    };

    private static SaleState OnFilled(SaleFilled state, SaleEvent happened) => happened switch
    {
        HostFound { IsMe: true } found =>
            new SaleProving(state.Sale, found.Hold ?? state.Hold, state.FilledAt ?? found.FilledAt, state.MissedProofs),
        HostFound when state.WasMine => ForcedOut(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        HostFound => Ignored(
            state.Sale, state.Hold, state.HasData, SaleReason.FilledByAnother, "Another host filled the slot first."),
        FillLanded { At: { } at } => state with { FilledAt = state.FilledAt ?? at, WasMine = true },
        SlotTaken or RequestGoneFromChain => state, // Whose it is, is being asked.
        RequestExpiredOnChain =>
            new SaleCancelled(state.Sale, state.Hold, state.HasData, state.FilledAt, state.MissedProofs, state.WasMine),
        RequestFailedOnChain =>
            new SaleFailed(state.Sale, state.Hold, state.HasData, state.FilledAt, state.MissedProofs, state.WasMine),
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnProving(SaleProving state, SaleEvent happened) => happened switch
    {
        SlotStateFound { State: SlotState.Finished or SlotState.Paid } => // To whom it was paid, the payout asks.
            new SalePayout(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        HostFound { IsMe: false } => ForcedOut(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        SlotStateFound { State: SlotState.Cancelled } or RequestExpiredOnChain =>
            new SaleCancelled(state.Sale, state.Hold, true, state.FilledAt, state.MissedProofs, WasMine: true),
        SlotStateFound { State: SlotState.Failed } or RequestFailedOnChain =>
            new SaleFailed(state.Sale, state.Hold, true, state.FilledAt, state.MissedProofs, WasMine: true),
        SlotStateFound { State: SlotState.Free } when state.Hold is not null =>
            new SaleFilling(state.Sale, state.Hold, Proof: null), // The block of the fill was taken back.
        SlotStateFound { State: SlotState.Repair or SlotState.Free } =>
            ForcedOut(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        ProofMissed => state with { MissedProofs = state.MissedProofs + 1 },
        SlotTaken taken when state.FilledAt is null => state with { FilledAt = taken.At },
        SlotTaken or FillLanded => state, // Our own fill, told of once more.
        RequestGoneFromChain => state, // What the slot says counts.
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnPayout(SalePayout state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given =>
            Finished(state.Sale, state.Hold, given.Payout, state.FilledAt ?? given.FilledAt, state.MissedProofs),
        HostFound { IsMe: false } => ForcedOut(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        _ => OnOtherEnd(state, state.Hold, state.FilledAt, state.MissedProofs, happened),
    };

    private static SaleState OnCancelled(SaleCancelled state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given => Cancelled(state with { FilledAt = state.FilledAt ?? given.FilledAt }, given.Payout),
        HostFound { IsMe: false } when state.WasMine =>
            ForcedOut(state.Sale, state.Hold, state.FilledAt, state.MissedProofs),
        HostFound { IsMe: false } => Cancelled(state),
        FillLanded { At: { } at } => state with { FilledAt = state.FilledAt ?? at, WasMine = true },
        _ => OnOtherEnd(state, state.Hold, state.FilledAt, state.MissedProofs, happened),
    };

    private static SaleState OnFailed(SaleFailed state, SaleEvent happened) => happened switch
    {
        SlotGivenUp => Failed(state, state.Sale.Terms.Collateral),
        HostFound { IsMe: false } => Failed(state, state.WasMine ? state.Sale.Terms.Collateral : UInt256.Zero),
        FillLanded { At: { } at } => state with { FilledAt = state.FilledAt ?? at, WasMine = true },
        _ => OnOtherEnd(state, state.Hold, state.FilledAt, state.MissedProofs, happened),
    };

    // What was taken for the end may not have been: a block came late, or was taken back. What the slot says counts.
    private static SaleState OnOtherEnd(
        SaleState state, Hold? hold, UnixSeconds? filledAt, int missed, SaleEvent happened) => (happened, state) switch
    {
        (SlotStateFound { State: SlotState.Filled }, _) => new SaleProving(state.Sale, hold, filledAt, missed),
        (SlotStateFound { State: SlotState.Finished }, not SalePayout) =>
            new SalePayout(state.Sale, hold, filledAt, missed),
        (SlotStateFound { State: SlotState.Failed }, not SaleFailed) =>
            new SaleFailed(state.Sale, hold, true, filledAt, missed, WasMine: true),
        (SlotStateFound { State: SlotState.Cancelled }, not SaleCancelled) =>
            new SaleCancelled(state.Sale, hold, true, filledAt, missed, WasMine: true),
        (SlotTaken or FillLanded or RequestExpiredOnChain or RequestFailedOnChain or RequestGoneFromChain, _) =>
            state, // It is over already.
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnFailure(SaleState state, Hold? hold, bool hasData, SaleEvent happened) =>
        happened is WorkFailed failed
            ? Errored(state.Sale, hold, hasData, failed.Reason, failed.Detail, failed.Again)
            : OnInterruption(state, hold, hasData, happened);

    private static SaleState OnInterruption(SaleState state, Hold? hold, bool hasData, SaleEvent happened) =>
        happened switch
        {
            SlotTaken taken => new SaleFilled(state.Sale, hold, hasData, taken.At),
            RequestExpiredOnChain => new SaleCancelled(state.Sale, hold, hasData),
            RequestFailedOnChain when state is SaleFilling => new SaleFailed(state.Sale, hold, hasData),
            RequestFailedOnChain => Failed(new SaleFailed(state.Sale, hold, hasData), UInt256.Zero), // Never ours, never paid.
            RequestGoneFromChain => Unknown(state.Sale, hold, hasData, "The block of the request was taken back."),
            _ => throw Impossible(state, happened),
        };

    private static SaleEnded Remembered(SaleUnknown state, SaleRecord left, SaleEnd end) =>
        new(state.Sale, left.State, state.Hold, true, end.Reason, end.Detail)
        {
            Earned = end.Earned,
            CollateralLost = end.CollateralLost,
            FilledAt = left.FilledAt,
            MissedProofs = left.MissedProofs,
        };

    private static SaleEnded Finished(Sale sale, Hold? hold, SlotPayout? payout, UnixSeconds? filledAt, int missed) =>
        new(sale, SaleFinished, hold, true, SaleReason.Paid, "The contract has paid.")
        {
            Earned = Earned(sale, payout, filledAt, sale.Terms.EndsAt),
            CollateralLost = Slashed(sale, payout),
            FilledAt = filledAt,
            MissedProofs = missed,
        };

    private static SaleEnded Cancelled(SaleCancelled state) => new(
        state.Sale, SaleStateName.SaleCancelled, state.Hold, state.HasData, SaleReason.RequestExpired,
        "The request was not filled in time.")
    {
        FilledAt = state.FilledAt,
        MissedProofs = state.MissedProofs,
    };

    private static SaleEnded Cancelled(SaleCancelled state, SlotPayout? payout) => Cancelled(state) with
    {
        Earned = Earned(state.Sale, payout, state.FilledAt, state.Sale.Terms.ExpiresAt),
        CollateralLost = Slashed(state.Sale, payout),
    };

    private static SaleEnded Failed(SaleFailed state, UInt256 collateralLost) => new(
        state.Sale, SaleStateName.SaleFailed, state.Hold, state.HasData, SaleReason.RequestFailed,
        "The request lost too many slots.")
    {
        CollateralLost = collateralLost,
        FilledAt = state.FilledAt,
        MissedProofs = state.MissedProofs,
    };

    private static SaleEnded ForcedOut(Sale sale, Hold? hold, UnixSeconds? filledAt, int missed) =>
        Errored(sale, hold, true, SaleReason.ForcedOut, "The contract took the slot away after missed proofs.") with
        {
            CollateralLost = sale.Terms.Collateral,
            FilledAt = filledAt,
            MissedProofs = missed,
        };

    // Its block was taken back, or a node lags behind. Either passes: the request may stand in another block by now.
    private static SaleEnded Unknown(
        Sale sale, Hold? hold, bool hasData, string detail = "The contract does not know the request.") =>
        Errored(sale, hold, hasData, SaleReason.RequestUnknown, detail, SecondTry.AfterPause);

    private static SaleEnded Ignored(
        Sale sale, Hold? hold, bool hasData, SaleReason reason, string detail, SecondTry again = SecondTry.Never) =>
        new(sale, SaleIgnored, hold, hasData, reason, detail) { Again = again };

    private static SaleEnded Errored(
        Sale sale, Hold? hold, bool hasData, SaleReason reason, string detail, SecondTry again = SecondTry.Never) =>
        new(sale, SaleErrored, hold, hasData, reason, detail) { Again = again };

    // Of a payout that nobody heard of: what the contract pays for that time. Source: contract function _slotPayout.
    private static UInt256 Earned(Sale sale, SlotPayout? payout, UnixSeconds? filledAt, UnixSeconds until) =>
        payout is not null ? payout.Reward
        : filledAt is { } from ? sale.Terms.RewardFor(until.SecondsSince(from))
        : UInt256.Zero;

    // The contract counts the whole collateral as put down, also for a slot in repair, which costs less.
    private static UInt256 Slashed(Sale sale, SlotPayout? payout) =>
        payout is not null && sale.Terms.Ask.TryGetSlotCollateral(out var whole) && whole > payout.Collateral
            ? whole - payout.Collateral
            : UInt256.Zero;

    private static UnreachableException Impossible(SaleState state, SaleEvent happened) =>
        new($"{happened.GetType().Name} can't happen in {state.GetType().Name} (sale {state.Sale.Number}, slot {state.Sale.Slot}).");
}
