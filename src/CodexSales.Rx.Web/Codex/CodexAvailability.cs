using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Web.Codex;

/// <summary>An availability as Codex clients read it.</summary>
/// <param name="Id">See <see cref="CodexIds"/>.</param>
/// <param name="TotalSize">All of its space, in bytes.</param>
/// <param name="FreeSize">What no sale holds.</param>
/// <param name="Duration">The longest, in seconds.</param>
/// <param name="MinPricePerBytePerSecond">The lowest price.</param>
/// <param name="TotalCollateral">All of its collateral.</param>
/// <param name="TotalRemainingCollateral">What of it is for new sales.</param>
/// <param name="Enabled">Whether new sales may use it.</param>
/// <param name="Until">When its sales must end, in Unix seconds; 0 for no limit.</param>
internal sealed record CodexAvailability(
    Bytes32 Id,
    ulong TotalSize,
    ulong FreeSize,
    ulong Duration,
    UInt256 MinPricePerBytePerSecond,
    UInt256 TotalCollateral,
    UInt256 TotalRemainingCollateral,
    bool Enabled,
    ulong Until)
{
    public static CodexAvailability Of(AvailabilityBalance balance) => new(
        CodexIds.Of(balance.Availability.Id),
        balance.Availability.TotalBytes,
        balance.FreeBytes,
        balance.Availability.MaxDurationSeconds,
        balance.Availability.MinPricePerBytePerSecond,
        balance.Availability.TotalCollateral,
        balance.FreeCollateral,
        !balance.Availability.IsDisabled,
        balance.Availability.Until?.Value ?? 0);
}
