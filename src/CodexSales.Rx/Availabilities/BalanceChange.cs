namespace CodexSales.Rx.Availabilities;

/// <summary>One availability before and after a change; null where there was none, or is none any more.</summary>
internal sealed record BalanceChange(AvailabilityBalance? Before, AvailabilityBalance? After)
{
    /// <summary>Whether some slot may be taken now that was not taken before.</summary>
    public bool Widens => After is { Availability: { IsDisabled: false } after }
        && (Before is not { Availability: var before }
        || before.IsDisabled
        || After.FreeBytes > Before.FreeBytes
        || After.FreeCollateral > Before.FreeCollateral
        || after.MaxDurationSeconds > before.MaxDurationSeconds
        || after.MinPricePerBytePerSecond < before.MinPricePerBytePerSecond
        || (before.Until is { } earlier && (after.Until is not { } later || later > earlier)));
}
