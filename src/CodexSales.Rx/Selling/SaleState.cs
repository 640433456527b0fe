using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Where a sale stands, with just the data that is valid there. The hierarchy is closed: the cases are those in this
/// file.
/// </summary>
internal abstract record SaleState(Sale Sale, SaleStateName Name);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="Left">Where it stood when the process before ended; null when only the chain knows of it.</param>
internal sealed record SaleUnknown(Sale Sale, Hold? Hold, SaleRecord? Left = null)
    : SaleState(Sale, SaleStateName.SaleUnknown);

internal sealed record SalePreparing(Sale Sale) : SaleState(Sale, SaleStateName.SalePreparing);

/// <param name="Sale">The sale.</param>
/// <param name="Request">Its whole request.</param>
/// <param name="Hold">What it holds.</param>
internal sealed record SaleSlotReserving(Sale Sale, StorageRequest Request, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleSlotReserving);

internal sealed record SaleDownloading(Sale Sale, StorageRequest Request, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleDownloading);

internal sealed record SaleInitialProving(Sale Sale, Hold Hold) : SaleState(Sale, SaleStateName.SaleInitialProving);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds.</param>
/// <param name="Proof">What fills the slot; null when that may have been sent already, before a restart.</param>
internal sealed record SaleFilling(Sale Sale, Hold Hold, Groth16Proof? Proof) : SaleState(Sale, SaleStateName.SaleFilling);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
/// <param name="WasMine">Whether this host is known to have filled the slot: the chain has said so before.</param>
internal sealed record SaleFilled(
    Sale Sale, Hold? Hold, bool HasData = true, UnixSeconds? FilledAt = null, int MissedProofs = 0, bool WasMine = false)
    : SaleState(Sale, SaleStateName.SaleFilled);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if a resumed sale found room.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
internal sealed record SaleProving(Sale Sale, Hold? Hold, UnixSeconds? FilledAt = null, int MissedProofs = 0)
    : SaleState(Sale, SaleStateName.SaleProving);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if a resumed sale found room.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
internal sealed record SalePayout(Sale Sale, Hold? Hold, UnixSeconds? FilledAt = null, int MissedProofs = 0)
    : SaleState(Sale, SaleStateName.SalePayout);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
/// <param name="WasMine">Whether this host is known to have filled the slot.</param>
internal sealed record SaleCancelled(
    Sale Sale, Hold? Hold, bool HasData = true, UnixSeconds? FilledAt = null, int MissedProofs = 0, bool WasMine = false)
    : SaleState(Sale, SaleStateName.SaleCancelled);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many periods had to go without the proof that they wanted.</param>
/// <param name="WasMine">Whether this host is known to have filled the slot.</param>
internal sealed record SaleFailed(
    Sale Sale, Hold? Hold, bool HasData = true, UnixSeconds? FilledAt = null, int MissedProofs = 0, bool WasMine = false)
    : SaleState(Sale, SaleStateName.SaleFailed);

/// <summary>
/// The one end of every sale. What is held is still held, and data may still be there: clean-up comes next.
/// </summary>
/// <param name="Sale">The sale.</param>
/// <param name="Name">As what it ended: finished, ignored, cancelled, failed or errored.</param>
/// <param name="Hold">What it still holds; null when nothing.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One sentence for people.</param>
internal sealed record SaleEnded(
    Sale Sale, SaleStateName Name, Hold? Hold, bool HasData, SaleReason Reason, string Detail) : SaleState(Sale, Name)
{
    /// <summary>Whether the slot may be sold after all.</summary>
    public SecondTry Again { get; init; }

    /// <summary>
    /// What the contract paid, without the collateral that came back, in the token's smallest unit.
    /// </summary>
    public UInt256 Earned { get; init; }

    /// <summary>What did not come back of the collateral, in the token's smallest unit.</summary>
    public UInt256 CollateralLost { get; init; }

    /// <summary>When the slot was filled, as far as that was heard of.</summary>
    public UnixSeconds? FilledAt { get; init; }

    /// <summary>How many periods had to go without the proof that they wanted.</summary>
    public int MissedProofs { get; init; }
}

/// <summary>What happens to the slot of a sale that came to nothing.</summary>
internal enum SecondTry
{
    /// <summary>Nothing: it can't be sold by this host.</summary>
    Never = 0,

    /// <summary>It waits as seen until some availability takes more.</summary>
    WhenAvailabilityWidens,

    /// <summary>It is offered again after a pause: what was in the way passes by itself.</summary>
    AfterPause,
}
