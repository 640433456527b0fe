using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using static CodexSales.Rx.Selling.SaleStateName;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The rules of a sale: which state follows when something happens in a state. Pure. To enter a state starts that
/// state's work (<see cref="SalesAgent"/>) and stops the work of the one before; a state that stays itself lets its
/// work go on.
/// </summary>
internal static class SaleMachine
{
    public static SaleState Step(SaleState state, SaleEvent happened) => state switch
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

    private static SaleState OnUnknown(SaleUnknown state, SaleEvent happened) => happened switch
    {
        SlotStateFound { State: SlotState.Filled } => new SaleFilled(state.Sale, state.Hold),
        SlotStateFound { State: SlotState.Finished } => new SalePayout(state.Sale, state.Hold),
        SlotStateFound { State: SlotState.Paid } => Finished(state.Sale, state.Hold, null, null),
        SlotStateFound { State: SlotState.Failed } => new SaleFailed(state.Sale, state.Hold),
        SlotStateFound { State: SlotState.Cancelled } => new SaleCancelled(state.Sale, state.Hold),
        SlotStateFound { State: SlotState.Repair } => ForcedOut(state.Sale, state.Hold),
        SlotStateFound => Errored(state.Sale, state.Hold, true, SaleReason.ForcedOut, "The contract says nobody fills it."),
        SlotTaken or RequestExpiredOnChain or RequestFailedOnChain => state, // The answer that is on its way says so, too.
        _ => throw Impossible(state, happened),
    };

    private static SaleState OnPreparing(SalePreparing state, SaleEvent happened) => happened switch
    {
        Prepared prepared => new SaleSlotReserving(state.Sale, prepared.Request, prepared.Hold),
        RequestNotFound =>
            Errored(state.Sale, null, false, SaleReason.RequestUnknown, "The contract does not know the request."),
        SlotStateFound found =>
            Ignored(state.Sale, null, false, SaleReason.SlotNotFree, $"The slot is {found.State} already."),
        ExpiryTooNear => Ignored(state.Sale, null, false, SaleReason.TooLate, "The request expires too soon to be filled."),
        NothingTakesIt nothing => Ignored(
            state.Sale, null, false, SaleReason.NoAvailability, $"No availability takes it: {nothing.Refusal}.", tryAgain: true),
        _ => OnFailure(state, null, hasData: false, happened),
    };

    private static SaleState OnReserving(SaleSlotReserving state, SaleEvent happened) => happened switch
    {
        SlotReserved => new SaleDownloading(state.Sale, state.Request, state.Hold),
        ReservationRefused refused =>
            Ignored(state.Sale, state.Hold, false, SaleReason.ReservationNotAllowed, refused.Detail),
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
        FillLanded landed => new SaleFilled(state.Sale, state.Hold, FilledAt: landed.At),
        ExpiryTooNear =>
            Ignored(state.Sale, state.Hold, true, SaleReason.TooLate, "The request expires too soon to be filled."),
        FillRefused { Refusal: MarketRefusal.SlotNotFree } refused =>
            Ignored(state.Sale, state.Hold, true, SaleReason.FilledByAnother, refused.Detail),
        FillRefused { Refusal: MarketRefusal.InsufficientFunds } refused =>
            Errored(state.Sale, state.Hold, true, SaleReason.InsufficientFunds, refused.Detail),
        FillRefused refused => Errored(state.Sale, state.Hold, true, SaleReason.TransactionRefused, refused.Detail),
        _ => OnInterruption(state, state.Hold, hasData: true, happened),
    };

    private static SaleState OnFilled(SaleFilled state, SaleEvent happened) => happened switch
    {
        HostFound { IsMe: true } found =>
            new SaleProving(state.Sale, state.Hold ?? found.Joined, FilledAt: state.FilledAt),
        HostFound => Ignored(
            state.Sale, state.Hold, state.HasData, SaleReason.FilledByAnother, "Another host filled the slot first."),
        SlotTaken => state, // Whose it is, is being asked.
        _ => OnInterruption(state, state.Hold, state.HasData, happened, state.FilledAt),
    };

    private static SaleState OnProving(SaleProving state, SaleEvent happened) => happened switch
    {
        SlotStateFound { State: SlotState.Finished } => new SalePayout(state.Sale, state.Hold, state.FilledAt),
        SlotStateFound { State: SlotState.Paid } => Finished(state.Sale, state.Hold, null, state.FilledAt),
        SlotStateFound { State: SlotState.Cancelled } =>
            new SaleCancelled(state.Sale, state.Hold, FilledAt: state.FilledAt),
        SlotStateFound { State: SlotState.Failed } => new SaleFailed(state.Sale, state.Hold),
        SlotStateFound { State: SlotState.Repair or SlotState.Free } => ForcedOut(state.Sale, state.Hold),
        ProofMissed => state with { MissedProofs = state.MissedProofs + 1 },
        SlotTaken => state, // Our own fill, told by its event.
        _ => OnInterruption(state, state.Hold, hasData: true, happened, state.FilledAt),
    };

    private static SaleState OnPayout(SalePayout state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given => Finished(state.Sale, state.Hold, given.Payout, state.FilledAt),
        HostFound { IsMe: false } => ForcedOut(state.Sale, state.Hold),
        _ => OnOtherEnd(state, state.Hold, state.FilledAt, happened),
    };

    private static SaleState OnCancelled(SaleCancelled state, SaleEvent happened) => happened switch
    {
        SlotGivenUp given =>
            Cancelled(state, Earned(state.Sale, given.Payout, state.FilledAt, state.Sale.Terms.ExpiresAt)),
        HostFound { IsMe: false } => Cancelled(state, UInt256.Zero),
        _ => OnOtherEnd(state, state.Hold, state.FilledAt, happened),
    };

    private static SaleState OnFailed(SaleFailed state, SaleEvent happened) => happened switch
    {
        SlotGivenUp or HostFound { IsMe: false } => new SaleEnded(
            state.Sale, SaleStateName.SaleFailed, state.Hold, state.HasData, false, SaleReason.RequestFailed,
            "The request lost too many slots.", UInt256.Zero),
        _ => OnOtherEnd(state, state.Hold, null, happened),
    };

    // What was taken for the end may not have been: a block came late, or was taken back. What the slot says counts.
    private static SaleState OnOtherEnd(SaleState state, Hold? hold, UnixSeconds? filledAt, SaleEvent happened) =>
        (happened, state) switch
        {
            (SlotStateFound { State: SlotState.Filled }, _) => new SaleProving(state.Sale, hold, FilledAt: filledAt),
            (SlotStateFound { State: SlotState.Finished }, not SalePayout) =>
                new SalePayout(state.Sale, hold, filledAt),
            (SlotStateFound { State: SlotState.Failed }, not SaleFailed) => new SaleFailed(state.Sale, hold),
            (SlotStateFound { State: SlotState.Cancelled }, not SaleCancelled) =>
                new SaleCancelled(state.Sale, hold, FilledAt: filledAt),
            (SlotTaken or RequestExpiredOnChain or RequestFailedOnChain, _) => state, // It is over already.
            _ => throw Impossible(state, happened),
        };

    private static SaleState OnFailure(SaleState state, Hold? hold, bool hasData, SaleEvent happened) =>
        happened is WorkFailed failed
            ? Errored(state.Sale, hold, hasData, failed.Reason, failed.Detail)
            : OnInterruption(state, hold, hasData, happened);

    private static SaleState OnInterruption(
        SaleState state, Hold? hold, bool hasData, SaleEvent happened, UnixSeconds? filledAt = null) => happened switch
    {
        SlotTaken taken => new SaleFilled(state.Sale, hold, hasData, taken.At),
        RequestExpiredOnChain => new SaleCancelled(state.Sale, hold, hasData, filledAt),
        RequestFailedOnChain => new SaleFailed(state.Sale, hold, hasData),
        _ => throw Impossible(state, happened),
    };

    private static SaleEnded Finished(Sale sale, Hold? hold, SlotPayout? payout, UnixSeconds? filledAt) => new(
        sale, SaleFinished, hold, true, false, SaleReason.Paid, "The contract has paid.",
        Earned(sale, payout, filledAt, sale.Terms.EndsAt));

    private static SaleEnded Cancelled(SaleCancelled state, UInt256 earned) => new(
        state.Sale, SaleStateName.SaleCancelled, state.Hold, state.HasData, false, SaleReason.RequestExpired,
        "The request was not filled in time.", earned);

    // Of a payout that nobody heard of: what the contract pays for that time. Source: contract function _slotPayout.
    private static UInt256 Earned(Sale sale, SlotPayout? payout, UnixSeconds? filledAt, UnixSeconds until) =>
        payout is not null ? payout.Reward
        : filledAt is { } from
            ? sale.Terms.Ask.PricePerBytePerSecond * sale.Terms.Ask.SlotSizeBytes * until.SecondsSince(from)
        : UInt256.Zero;

    private static SaleEnded ForcedOut(Sale sale, Hold? hold) => Errored(
        sale, hold, true, SaleReason.ForcedOut, "The contract took the slot away after missed proofs.");

    private static SaleEnded Ignored(
        Sale sale, Hold? hold, bool hasData, SaleReason reason, string detail, bool tryAgain = false) =>
        new(sale, SaleIgnored, hold, hasData, tryAgain, reason, detail, UInt256.Zero);

    private static SaleEnded Errored(Sale sale, Hold? hold, bool hasData, SaleReason reason, string detail) =>
        new(sale, SaleErrored, hold, hasData, false, reason, detail, UInt256.Zero);

    private static UnreachableException Impossible(SaleState state, SaleEvent happened) =>
        new($"{happened.GetType().Name} can't happen in {state.GetType().Name} (sale {state.Sale.Number}, slot {state.Sale.Slot}).");
}
