using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Selling;

/// <summary>The state of a sale, with its data. Closed: the cases are those in this file.</summary>
internal abstract record SaleState(Sale Sale, SaleStateName Name, Stake Stake);

/// <summary>The host's stake in a slot that may be its own.</summary>
/// <param name="Hold">The sale's hold on an availability, if any.</param>
/// <param name="HasData">Whether some of the slot's data may be in storage.</param>
/// <param name="FilledAt">The time at which the slot was filled, as far as it is known.</param>
/// <param name="MissedProofs">The number of proofs marked as missing.</param>
/// <param name="WasMine">True once the chain has said that this host filled the slot.</param>
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

    /// <summary>The contract's last answer on the rest of the collateral, before it paid; null without one.</summary>
    public UInt256? CollateralLeft { get; init; }
}

/// <summary>Left by the process before. Without a record, only the chain knows that the slot is ours.</summary>
internal sealed record SaleUnknown(Sale Sale, Hold? Hold, SaleRecord? Stored = null)
    : SaleState(Sale, SaleStateName.SaleUnknown, Stored.StakeWith(Hold));

internal sealed record SalePreparing(Sale Sale) : SaleState(Sale, SaleStateName.SalePreparing, Stake.Nothing);

/// <summary>The slot is being reserved: the contract may just have said that this host may; it may have been reserved
/// and stored before, and the reservation is gone; or the process before may have reserved it.</summary>
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

/// <summary>The slot is filled since a block, 0 where it is not known. The chain is asked by whom, as of a block that has
/// the fill.</summary>
internal sealed record SaleFilled(Sale Sale, Stake Stake, ulong Since = 0)
    : SaleWithStake(Sale, SaleStateName.SaleFilled, Stake);

internal sealed record SaleProving(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleProving, Stake);

internal sealed record SalePayout(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SalePayout, Stake);

internal sealed record SaleCancelled(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleCancelled, Stake);

internal sealed record SaleFailed(Sale Sale, Stake Stake) : SaleWithStake(Sale, SaleStateName.SaleFailed, Stake);

/// <summary>By the newest block the sale is over, but blocks may yet be replaced: data and holds stay until a final
/// block, not below the one that ended it (0 where it is not known), says the same. There the slot is this host's, in
/// the own state; or not this host's, without one.</summary>
internal sealed record SaleSettling(SaleEnded End, Stake Stake, ulong Since = 0, SlotState? OwnState = null)
    : SaleWithStake(End.Sale, End.Name, Stake);

/// <summary>The one end of every sale. Its hold and its data may still be there: clean-up comes next.</summary>
internal sealed record SaleEnded(Sale Sale, SaleStateName Name, Stake Stake, SaleReason Reason, string Detail)
    : SaleState(Sale, Name, Stake)
{
    /// <summary>Whether the slot may be sold after all.</summary>
    public RequeuePolicy Again { get; init; }

    /// <summary>Whether it came to nothing, and neither another host nor the request's end was the reason.</summary>
    public bool IsFailure => Reason is SaleReason.RequestUnknown or SaleReason.TooLate or SaleReason.InsufficientFunds
        or SaleReason.DownloadFailed or SaleReason.ProofFailed or SaleReason.TransactionRefused or SaleReason.DeadlinePassed
        or SaleReason.HostFault;

    /// <summary>The payout without the collateral that came back, in the token's smallest unit.</summary>
    public UInt256 Earned { get; init; }

    /// <summary>The part of the collateral that was lost, in the token's smallest unit.</summary>
    public UInt256 CollateralLost { get; init; }
}

/// <summary>The future of a slot whose sale came to nothing.</summary>
internal enum RequeuePolicy
{
    /// <summary>Nothing: it can't be sold by this host.</summary>
    Never = 0,

    /// <summary>It waits, deferred, until some availability takes more.</summary>
    WhenAvailabilityWidens,

    /// <summary>It is offered again after a pause: the obstacle passes by itself.</summary>
    AfterPause,
}
