namespace CodexSales.Node.Replay;

/// <summary>The result of a replay. Amounts are in the token's smallest unit, held or written.</summary>
/// <param name="OpenSlots">How many slots of the whole market can be filled in the end.</param>
/// <param name="Queued">The slots that are queued in the end, best first.</param>
internal sealed record ReplaySummary(
    ReplayCounts Recorded,
    UInt128 OpenSlots,
    ImmutableArray<SlotKey> Queued,
    SalesTally Sales,
    UInt256 HeldBytes,
    UInt256 HeldCollateral);
