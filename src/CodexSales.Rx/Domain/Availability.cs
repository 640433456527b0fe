namespace CodexSales.Rx.Domain;

/// <summary>Space that the provider offers for sale, and on what terms.</summary>
/// <remarks>
/// Immutable. Held, used and free space are not kept here: the ledger derives them from the sales that run.
/// Source: nim-codex <c>sales/reservations.nim</c> <c>Availability</c>.
/// </remarks>
public sealed record Availability
{
    /// <summary>The name by which the provider knows it.</summary>
    public required AvailabilityId Id { get; init; }

    /// <summary>All of its space in bytes, sold or not; at least 1.</summary>
    public required ulong TotalBytes { get; init; }

    /// <summary>
    /// The longest time for which a slot is kept, in seconds: the duration of its request, or what is left of it for a slot
    /// in repair. At least 1.
    /// </summary>
    public required ulong MaxDurationSeconds { get; init; }

    /// <summary>The lowest price that is taken, in the token's smallest unit for each byte and second.</summary>
    public required UInt256 MinPricePerBytePerSecond { get; init; }

    /// <summary>
    /// The most collateral that its sales may put at risk, in the token's smallest unit; at least 1. Losses come off it
    /// for good, also after a restart and when an availability of the same name comes back: to sell as much as before,
    /// raise it by the amount that was lost.
    /// </summary>
    public required UInt256 TotalCollateral { get; init; }

    /// <summary>True if no new sale may use it. Sales that run go on.</summary>
    /// <value>False by default, also when it is read from JSON that leaves it out.</value>
    public bool IsDisabled { get; init; }

    /// <summary>The last moment at which a sale may end, or null for no limit.</summary>
    public UnixSeconds? Until { get; init; }
}
