namespace CodexSales.Node.Replay;

/// <summary>What a replay came to.</summary>
/// <param name="Recorded">What was read.</param>
/// <param name="OpenSlots">How many slots of the whole market can be filled in the end.</param>
/// <param name="Queued">The slots that are queued in the end, best first.</param>
/// <param name="Sales">What became of the sales.</param>
/// <param name="HeldBytes">The space that sales hold in the end, written or not.</param>
/// <param name="HeldCollateral">The collateral that sales hold in the end, in the token's smallest unit.</param>
internal sealed record ReplaySummary(
    ReplayCounts Recorded,
    UInt128 OpenSlots,
    ImmutableArray<SlotKey> Queued,
    SalesTally Sales,
    UInt256 HeldBytes,
    UInt256 HeldCollateral);
