namespace CodexSales.Rx.Availabilities;

/// <summary>What one sale holds of an availability. Immutable; a change is a new one under the same number.</summary>
/// <param name="Number">Unique in its ledger.</param>
/// <param name="AvailabilityId">Whose space it is.</param>
/// <param name="Slot">What the space is held for.</param>
/// <param name="Bytes">All of the slot's space, in bytes.</param>
/// <param name="UsedBytes">How much of it is written, in bytes.</param>
/// <param name="Collateral">The slot's collateral, in the token's smallest unit.</param>
public sealed record Hold(
    long Number, AvailabilityId AvailabilityId, SlotKey Slot, ulong Bytes, ulong UsedBytes, UInt256 Collateral)
{
    /// <summary>The last second of the request: until then it may be held.</summary>
    public UnixSeconds EndsAt { get; init; }

    /// <summary>What the contract pays at the end, in the token's smallest unit; 0 until the slot is filled.</summary>
    public UInt256 ExpectedReward { get; init; }
}
