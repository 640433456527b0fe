namespace CodexSales.Rx.Domain;

/// <summary>What a client asks for and pays, the same for every slot of its request.</summary>
/// <remarks>
/// The numbers are the client's and may be hostile: the contract accepts 2^63 − 1 slots, slots of 0 or 2^64 − 1 bytes,
/// and products over 2^256. Source: <c>Requests.sol</c> <c>Ask</c>.
/// </remarks>
public sealed record StorageAsk
{
    /// <summary>How rarely a proof is required: one in so many periods. At least 1 on chain.</summary>
    public required UInt256 ProofProbability { get; init; }

    /// <summary>The reward in the token's smallest unit, for each byte and second. At least 1 on chain.</summary>
    public required UInt256 PricePerBytePerSecond { get; init; }

    /// <summary>
    /// The collateral that a host puts down, in the token's smallest unit, for each byte. At least 1 on chain.
    /// </summary>
    public required UInt256 CollateralPerByte { get; init; }

    /// <summary>The number of slots, from 1 to 2^64 − 1. Never to be enumerated.</summary>
    public required ulong Slots { get; init; }

    /// <summary>The size of one slot in bytes.</summary>
    public required ulong SlotSizeBytes { get; init; }

    /// <summary>How long the data is to be kept, in seconds from the block of the request.</summary>
    public required ulong DurationSeconds { get; init; }

    /// <summary>How many slots may be lost before the request fails.</summary>
    public required ulong MaxSlotLoss { get; init; }

    /// <summary>
    /// What one slot pays over its whole duration: price × size × duration. False where that is over 2^256 − 1.
    /// </summary>
    public bool TryGetSlotReward(out UInt256 reward) =>
        UInt256.TryMultiply(PricePerBytePerSecond, SlotSizeBytes, out reward)
        && UInt256.TryMultiply(reward, DurationSeconds, out reward);

    /// <summary>
    /// The collateral of one slot that was never repaired: price per byte × size. False where that is over 2^256 − 1.
    /// </summary>
    public bool TryGetSlotCollateral(out UInt256 collateral) =>
        UInt256.TryMultiply(CollateralPerByte, SlotSizeBytes, out collateral);
}
