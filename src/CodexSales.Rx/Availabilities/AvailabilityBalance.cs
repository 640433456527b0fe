using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Availabilities;

/// <summary>An availability, what of it is sold, and what that has brought, at one moment. Immutable.</summary>
/// <param name="Availability">What is offered.</param>
/// <param name="HeldBytes">Space that sales hold but have not written yet, in bytes.</param>
/// <param name="UsedBytes">Space that sales have written, in bytes.</param>
/// <param name="HeldCollateral">The collateral of its sales, in the token's smallest unit.</param>
/// <param name="Sales">How many sales hold space.</param>
public sealed record AvailabilityBalance(
    Availability Availability, ulong HeldBytes, ulong UsedBytes, UInt256 HeldCollateral, int Sales)
{
    /// <summary>The reward of its filled slots if no proof is missed, in the token's smallest unit.</summary>
    public UInt256 ExpectedReward { get; init; }

    /// <summary>What came of its sales that are over.</summary>
    public SoldTotals Past { get; init; } = SoldTotals.None(Availability.Id);

    /// <summary>Whether it is removed as soon as its last sale has ended.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Space for new sales, in bytes.</summary>
    public ulong FreeBytes => Availability.TotalBytes - HeldBytes - UsedBytes;

    /// <summary>
    /// What its sales have lost so far, in the token's smallest unit: what was slashed, and the collateral of slots that
    /// were taken away or whose request failed. It is gone from <see cref="Domain.Availability.TotalCollateral"/>.
    /// </summary>
    public UInt256 LostCollateral => UInt256.TryAdd(Past.Slashed, Past.Lost, out var lost) ? lost : UInt256.MaxValue;

    /// <summary>Collateral for new sales, neither held nor lost, in the token's smallest unit.</summary>
    public UInt256 FreeCollateral => UnheldCollateral > LostCollateral ? UnheldCollateral - LostCollateral : UInt256.Zero;

    /// <summary>What no running sale holds, lost or not, in the token's smallest unit. A slot that is this host's on
    /// chain already risks nothing more than it does.</summary>
    internal UInt256 UnheldCollateral => Availability.TotalCollateral - HeldCollateral;

    /// <summary>Why it does not take a slot on these terms now; null when it takes it.</summary>
    internal RefusalReason? Refuses(SlotTerms terms) =>
        Availability.IsDisabled ? RefusalReason.Disabled
        : terms.DurationSeconds > Availability.MaxDurationSeconds ? RefusalReason.TooLong
        : terms.EndsAt > Availability.Until ? RefusalReason.EndsTooLate
        : terms.Ask.PricePerBytePerSecond < Availability.MinPricePerBytePerSecond ? RefusalReason.PriceTooLow
        : terms.Ask.SlotSizeBytes > FreeBytes ? RefusalReason.TooLarge
        : terms.Collateral > FreeCollateral ? RefusalReason.CollateralTooHigh
        : null;

    /// <summary>The number of the terms that a reason is about; null when it is about none.</summary>
    internal static UInt256? Compared(RefusalReason reason, SlotTerms terms) => reason switch
    {
        RefusalReason.TooLong => terms.DurationSeconds,
        RefusalReason.EndsTooLate => terms.EndsAt.Value,
        RefusalReason.PriceTooLow => terms.Ask.PricePerBytePerSecond,
        RefusalReason.TooLarge => terms.Ask.SlotSizeBytes,
        RefusalReason.CollateralTooHigh => terms.Collateral,
        _ => null,
    };

    /// <summary>What that number is held against here.</summary>
    internal UInt256? LimitOf(RefusalReason reason) => reason switch
    {
        RefusalReason.TooLong => Availability.MaxDurationSeconds,
        RefusalReason.EndsTooLate => Availability.Until?.Value,
        RefusalReason.PriceTooLow => Availability.MinPricePerBytePerSecond,
        RefusalReason.TooLarge => FreeBytes,
        RefusalReason.CollateralTooHigh => FreeCollateral,
        _ => null,
    };
}
