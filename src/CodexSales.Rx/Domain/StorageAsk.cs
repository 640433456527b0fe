namespace CodexSales.Rx.Domain;

/// <summary>A client's wishes and prices, the same for every slot of its request.</summary>
/// <remarks>
/// The numbers are the client's and may be hostile: the contract accepts 2^63 − 1 slots, slots of 0 or 2^64 − 1 bytes,
/// and products over 2^256. Source: <c>Requests.sol</c> <c>Ask</c>.
/// </remarks>
public sealed record StorageAsk
{
    /// <summary>A proof is required once in so many periods on average. At least 1 on chain.</summary>
    public required UInt256 ProofProbability { get; init; }

    /// <summary>The reward in the token's smallest unit, for each byte and second. At least 1 on chain.</summary>
    public required UInt256 PricePerBytePerSecond { get; init; }

    /// <summary>The host's collateral in the token's smallest unit, for each byte. At least 1 on chain.</summary>
    public required UInt256 CollateralPerByte { get; init; }

    /// <summary>The number of slots, from 1 to 2^64 − 1. Never to be enumerated.</summary>
    public required ulong Slots { get; init; }

    /// <summary>The size of one slot in bytes.</summary>
    public required ulong SlotSizeBytes { get; init; }

    /// <summary>The time for which to keep the data, in seconds from the block of the request.</summary>
    public required ulong DurationSeconds { get; init; }

    /// <summary>The number of slots that may be lost before the request fails.</summary>
    public required ulong MaxSlotLoss { get; init; }

    /// <summary>One slot's whole reward: price × size × duration. False where that is over 2^256 − 1.</summary>
    public bool TryGetSlotReward(out UInt256 reward) =>
        UInt256.TryMultiply(PricePerBytePerSecond, SlotSizeBytes, out reward)
        && UInt256.TryMultiply(reward, DurationSeconds, out reward);

    /// <summary>One slot's whole collateral: collateral per byte × size. False where that is over 2^256 − 1.</summary>
    public bool TryGetSlotCollateral(out UInt256 collateral) =>
        UInt256.TryMultiply(CollateralPerByte, SlotSizeBytes, out collateral);
}
