using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Store;

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
/// <param name="Hold">What it holds.</param>
/// <param name="MayReserve">Whether the contract has just said that this host may; otherwise it is asked.</param>
/// <param name="IsAgain">Whether the slot was reserved and stored before, and the reservation is gone.</param>
/// <param name="WasSent">Whether the process before may have reserved it.</param>
internal sealed record SaleSlotReserving(
    Sale Sale, Hold Hold, bool MayReserve = false, bool IsAgain = false, bool WasSent = false)
    : SaleState(Sale, SaleStateName.SaleSlotReserving);

internal sealed record SaleDownloading(Sale Sale, Hold Hold) : SaleState(Sale, SaleStateName.SaleDownloading);

internal sealed record SaleInitialProving(Sale Sale, Hold Hold) : SaleState(Sale, SaleStateName.SaleInitialProving);

/// <param name="Sale">The sale.</param>
/// <param name="Hold">What it holds.</param>
/// <param name="Proof">What fills the slot; null when that may have been sent already.</param>
internal sealed record SaleFilling(Sale Sale, Hold Hold, ChallengeProof? Proof)
    : SaleState(Sale, SaleStateName.SaleFilling);

/// <summary>What this host has at stake once the slot may be its own.</summary>
/// <param name="Hold">What the sale holds of an availability, if anything.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">When the slot was filled, as far as that was heard of.</param>
/// <param name="MissedProofs">How many proofs the contract has marked as missing.</param>
/// <param name="WasMine">Whether this host is known to have filled the slot: the chain has said so before.</param>
/// <param name="MineSince">The lowest block that is known to say so.</param>
/// <param name="IsFillSent">Whether a transaction of this host may fill the slot, now or after a reorganisation.</param>
internal sealed record Stake(
    Hold? Hold,
    bool HasData = true,
    UnixSeconds? FilledAt = null,
    int MissedProofs = 0,
    bool WasMine = false,
    ulong MineSince = 0,
    bool IsFillSent = true)
{
    /// <summary>What the contract had last of the collateral, before it paid; null as long as nobody has asked.</summary>
    public UInt256? CollateralLeft { get; init; }
}

/// <summary>A state in which the slot may be this host's.</summary>
internal abstract record SaleWithStake(Sale Sale, SaleStateName Name, Stake Stake) : SaleState(Sale, Name);

/// <summary>The slot is filled. By whom, is asked as of a block that has the fill.</summary>
/// <param name="Sale">The sale.</param>
/// <param name="Stake">What is at stake.</param>
/// <param name="Since">The number of the block that has the fill; 0 where it is not known.</param>
internal sealed record SaleFilled(Sale Sale, Stake Stake, ulong Since = 0)
    : SaleWithStake(Sale, SaleStateName.SaleFilled, Stake);

internal sealed record SaleProving(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleProving, Stake);

internal sealed record SalePayout(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SalePayout, Stake);

internal sealed record SaleCancelled(Sale Sale, Stake Stake)
    : SaleWithStake(Sale, SaleStateName.SaleCancelled, Stake);

internal sealed record SaleFailed(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleFailed, Stake);

/// <summary>
/// By the newest block the sale is over, but blocks may yet be replaced: data and holds stay until a block that stays
/// for good says the same.
/// </summary>
/// <param name="End">How it ends then.</param>
/// <param name="Stake">What is at stake.</param>
/// <param name="Since">The number of the block that ends it; 0 where it is not known.</param>
/// <param name="OwnState">In which state the slot then is as this host's; null when it is not this host's.</param>
internal sealed record SaleSettling(SaleEnded End, Stake Stake, ulong Since = 0, SlotState? OwnState = null)
    : SaleWithStake(End.Sale, End.Name, Stake);

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
    public RequeuePolicy Again { get; init; }

    /// <summary>Whether it came to nothing, and neither another host nor the request's end was the reason.</summary>
    public bool IsFailure => Reason is SaleReason.RequestUnknown or SaleReason.TooLate or SaleReason.InsufficientFunds
        or SaleReason.DownloadFailed or SaleReason.ProofFailed or SaleReason.TransactionRefused or SaleReason.DeadlinePassed
        or SaleReason.HostFault;

    /// <summary>
    /// What the contract paid, without the collateral that came back, in the token's smallest unit.
    /// </summary>
    public UInt256 Earned { get; init; }

    /// <summary>What did not come back of the collateral, in the token's smallest unit.</summary>
    public UInt256 CollateralLost { get; init; }

    /// <summary>When the slot was filled, as far as that was heard of.</summary>
    public UnixSeconds? FilledAt { get; init; }

    /// <summary>How many proofs the contract has marked as missing.</summary>
    public int MissedProofs { get; init; }
}

/// <summary>What happens to the slot of a sale that came to nothing.</summary>
internal enum RequeuePolicy
{
    /// <summary>Nothing: it can't be sold by this host.</summary>
    Never = 0,

    /// <summary>It waits as seen until some availability takes more.</summary>
    WhenAvailabilityWidens,

    /// <summary>It is offered again after a pause: what was in the way passes by itself.</summary>
    AfterPause,
}
