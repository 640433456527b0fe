using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Selling;

/// <summary>Where a sale stands, with the data that is valid there. Closed: the cases are those in this file.</summary>
internal abstract record SaleState(Sale Sale, SaleStateName Name, Stake Stake);

/// <summary>What this host has at stake in a slot that may be its own.</summary>
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
    public static Stake Nothing { get; } = new(null, HasData: false, IsFillSent: false);

    /// <summary>What the contract had last of the collateral, before it paid; null as long as nobody has asked.</summary>
    public UInt256? CollateralLeft { get; init; }
}

/// <summary>The process before has left it. Where nothing is stored of it, only the chain knows that the slot is ours.</summary>
internal sealed record SaleUnknown(Sale Sale, Hold? Hold, SaleRecord? Stored = null)
    : SaleState(Sale, SaleStateName.SaleUnknown, Stored.StakeWith(Hold));

internal sealed record SalePreparing(Sale Sale) : SaleState(Sale, SaleStateName.SalePreparing, Stake.Nothing);

/// <summary>
/// The slot is being reserved: the contract may just have said that this host may; it may have been reserved and stored before,
/// and the reservation is gone; or the process before may have reserved it.
/// </summary>
internal sealed record SaleSlotReserving(
    Sale Sale, Hold Hold, bool MayReserve = false, bool IsAgain = false, bool WasSent = false)
    : SaleState(Sale, SaleStateName.SaleSlotReserving, new Stake(Hold, HasData: IsAgain, IsFillSent: IsAgain));

internal sealed record SaleDownloading(Sale Sale, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleDownloading, new Stake(Hold, IsFillSent: false));

internal sealed record SaleInitialProving(Sale Sale, Hold Hold)
    : SaleState(Sale, SaleStateName.SaleInitialProving, new Stake(Hold, IsFillSent: false));

/// <summary>The slot is being filled. Without a proof, that may have been sent already.</summary>
internal sealed record SaleFilling(Sale Sale, Hold Hold, ChallengeProof? Proof)
    : SaleState(Sale, SaleStateName.SaleFilling, new Stake(Hold));

/// <summary>A state after the slot was filled: it may be this host's.</summary>
internal abstract record SaleWithStake(Sale Sale, SaleStateName Name, Stake Stake) : SaleState(Sale, Name, Stake);

/// <summary>The slot is filled since a block, 0 where it is not known. By whom, is asked as of a block that has the fill.</summary>
internal sealed record SaleFilled(Sale Sale, Stake Stake, ulong Since = 0)
    : SaleWithStake(Sale, SaleStateName.SaleFilled, Stake);

internal sealed record SaleProving(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleProving, Stake);

internal sealed record SalePayout(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SalePayout, Stake);

internal sealed record SaleCancelled(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleCancelled, Stake);

internal sealed record SaleFailed(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleFailed, Stake);

/// <summary>
/// By the newest block the sale is over, but blocks may yet be replaced: data and holds stay until a final block says the same.
/// That block is not below the one that ended it (0 where it is not known), and there the slot is as this host's in the own
/// state; without one, it is not this host's.
/// </summary>
internal sealed record SaleSettling(SaleEnded End, Stake Stake, ulong Since = 0, SlotState? OwnState = null)
    : SaleWithStake(End.Sale, End.Name, Stake);

/// <summary>The one end of every sale. What it held is still held, and data may still be there: clean-up comes next.</summary>
internal sealed record SaleEnded(Sale Sale, SaleStateName Name, Stake Stake, SaleReason Reason, string Detail)
    : SaleState(Sale, Name, Stake)
{
    /// <summary>Whether the slot may be sold after all.</summary>
    public RequeuePolicy Again { get; init; }

    /// <summary>Whether it came to nothing, and neither another host nor the request's end was the reason.</summary>
    public bool IsFailure => Reason is SaleReason.RequestUnknown or SaleReason.TooLate or SaleReason.InsufficientFunds
        or SaleReason.DownloadFailed or SaleReason.ProofFailed or SaleReason.TransactionRefused or SaleReason.DeadlinePassed
        or SaleReason.HostFault;

    /// <summary>What the contract paid, without the collateral that came back, in the token's smallest unit.</summary>
    public UInt256 Earned { get; init; }

    /// <summary>What did not come back of the collateral, in the token's smallest unit.</summary>
    public UInt256 CollateralLost { get; init; }
}

/// <summary>What happens to the slot of a sale that came to nothing.</summary>
internal enum RequeuePolicy
{
    /// <summary>Nothing: it can't be sold by this host.</summary>
    Never = 0,

    /// <summary>It waits, deferred, until some availability takes more.</summary>
    WhenAvailabilityWidens,

    /// <summary>It is offered again after a pause: what was in the way passes by itself.</summary>
    AfterPause,
}
