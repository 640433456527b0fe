namespace CodexSales.Rx.Domain;

/// <summary>A slot's reward, collateral and times. All slots of a request that were never filled share one object.</summary>
/// <remarks>
/// Immutable. A slot in repair has terms of its own: it runs for what is left of its request, costs less collateral, and
/// pays for the repair.
/// </remarks>
public sealed record SlotTerms
{
    /// <summary>The request that the slot belongs to.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>The client's ask.</summary>
    public required StorageAsk Ask { get; init; }

    /// <summary>
    /// The most that the slot pays, in the token's smallest unit: price × size × <see cref="DurationSeconds"/>, and
    /// <see cref="RepairReward"/>. 2^256 − 1 where that is more.
    /// </summary>
    public required UInt256 Reward { get; init; }

    /// <summary>The collateral for the slot, in the token's smallest unit; less for a slot in repair.</summary>
    public required UInt256 Collateral { get; init; }

    /// <summary>The last second in which the request may be filled for the first time.</summary>
    public required UnixSeconds ExpiresAt { get; init; }

    /// <summary>The last second of the request's duration.</summary>
    public required UnixSeconds EndsAt { get; init; }

    /// <summary>Whether the slot lost its host and is to be repaired.</summary>
    public bool IsRepair { get; init; }

    /// <summary>The time of the block in which a slot in repair lost its host. Null for others, and if not known.</summary>
    public UnixSeconds? FreedAt { get; init; }

    /// <summary>
    /// For how long a host that fills the slot keeps it at most, in seconds: the request's duration, or what was left of
    /// it when the slot lost its host.
    /// </summary>
    public ulong DurationSeconds => FreedAt is { } freedAt
        ? Math.Min(EndsAt.SecondsSince(freedAt), Ask.DurationSeconds)
        : Ask.DurationSeconds;

    /// <summary>
    /// The reward for the repair itself, in the token's smallest unit; 0 for a slot that was never filled. It comes back
    /// with the collateral: the contract counts the whole collateral of the ask as put down, although the host has put
    /// down <see cref="Collateral"/>.
    /// </summary>
    /// <remarks>Source: contract function <c>fillSlot</c>, <c>repairRewardPercentage</c>.</remarks>
    public UInt256 RepairReward => IsRepair && WholeCollateral > Collateral ? WholeCollateral - Collateral : UInt256.Zero;

    /// <summary>The collateral by the contract's count, in the token's smallest unit: that of the ask. If less comes
    /// back with the payout, the rest was slashed.</summary>
    internal UInt256 WholeCollateral => Ask.TryGetSlotCollateral(out var whole) ? whole : Collateral;

    /// <summary>The last second in which a new host may fill the slot, as far as the clock says: the request's expiry,
    /// or its end where the slot is to be repaired.</summary>
    internal UnixSeconds OpenUntil => IsRepair ? EndsAt : ExpiresAt;

    /// <summary>The slot's reward for some time, in the token's smallest unit, without the repair reward.</summary>
    /// <param name="seconds">The time for which it is filled; at most the request's duration.</param>
    internal UInt256 RewardFor(ulong seconds) => Ask.PricePerBytePerSecond * Ask.SlotSizeBytes * seconds;

    /// <summary>The host's whole gain in the token's smallest unit, with the repair reward, if it fills the slot from a
    /// moment to the end and nothing is slashed.</summary>
    internal UInt256 RewardFrom(UnixSeconds filledAt) =>
        WithRepair(RewardFor(Math.Min(EndsAt.SecondsSince(filledAt), Ask.DurationSeconds)), RepairReward);

    /// <summary>These terms for a slot that lost its host.</summary>
    /// <param name="freedAt">The time of the block.</param>
    /// <param name="collateral">Its collateral now, in the token's smallest unit.</param>
    internal SlotTerms InRepair(UnixSeconds freedAt, UInt256 collateral)
    {
        var terms = this with { Collateral = collateral, IsRepair = true, FreedAt = freedAt };
        return terms with { Reward = terms.RewardFrom(freedAt) };
    }

    // Clients may ask for anything: both may be near the largest number there is.
    private static UInt256 WithRepair(UInt256 reward, UInt256 repairReward) =>
        UInt256.TryAdd(reward, repairReward, out var sum) ? sum : UInt256.MaxValue;
}
