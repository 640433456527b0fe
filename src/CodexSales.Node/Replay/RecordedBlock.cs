namespace CodexSales.Node.Replay;

/// <summary>One block of a recorded chain.</summary>
/// <param name="Stamp">Which block, and when.</param>
/// <param name="Events">What happened on the marketplace in it, in order. Empty for most blocks.</param>
internal readonly record struct RecordedBlock(BlockStamp Stamp, ImmutableArray<MarketEvent> Events);
