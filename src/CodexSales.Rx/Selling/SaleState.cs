using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Where a sale stands, with just the data that is valid there. The hierarchy is closed: the cases are those in this
/// file.
/// </summary>
internal abstract record SaleState(Sale Sale, SaleStateName Name);

internal sealed record SaleUnknown(Sale Sale, Hold? Hold) : SaleState(Sale, SaleStateName.SaleUnknown);

internal sealed record SalePreparing(Sale Sale) : SaleState(Sale, SaleStateName.SalePreparing);

internal sealed record SaleSlotReserving(Sale Sale, StorageRequest Request, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleSlotReserving);

internal sealed record SaleDownloading(Sale Sale, StorageRequest Request, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleDownloading);

internal sealed record SaleInitialProving(Sale Sale, Hold Hold) : SaleState(Sale, SaleStateName.SaleInitialProving);

internal sealed record SaleFilling(Sale Sale, Hold Hold, Groth16Proof Proof) : SaleState(Sale, SaleStateName.SaleFilling);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
internal sealed record SaleFilled(Sale Sale, Hold? Hold, bool HasData = true, UnixSeconds? FilledAt = null)
    : SaleState(Sale, SaleStateName.SaleFilled);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if a resumed sale found room.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
internal sealed record SaleProving(Sale Sale, Hold? Hold, int MissedProofs = 0, UnixSeconds? FilledAt = null)
    : SaleState(Sale, SaleStateName.SaleProving);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if a resumed sale found room.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
internal sealed record SalePayout(Sale Sale, Hold? Hold, UnixSeconds? FilledAt = null)
    : SaleState(Sale, SaleStateName.SalePayout);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
internal sealed record SaleCancelled(Sale Sale, Hold? Hold, bool HasData = true, UnixSeconds? FilledAt = null)
    : SaleState(Sale, SaleStateName.SaleCancelled);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
internal sealed record SaleFailed(Sale Sale, Hold? Hold, bool HasData = true)
    : SaleState(Sale, SaleStateName.SaleFailed);

/// <summary>
/// The one end of every sale. What is held is still held, and data may still be there: clean-up comes next.
/// </summary>
/// <param name="Sale">The sale.</param>
/// <param name="Name">As what it ended: finished, ignored, cancelled, failed or errored.</param>
/// <param name="Hold">What it still holds; null when nothing.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="TryAgain">Whether the slot may be tried again once an availability has changed.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Earned">
/// What the contract paid, without the collateral that came back, in the token's smallest unit.
/// </param>
internal sealed record SaleEnded(
    Sale Sale,
    SaleStateName Name,
    Hold? Hold,
    bool HasData,
    bool TryAgain,
    SaleReason Reason,
    string Detail,
    UInt256 Earned) : SaleState(Sale, Name);
