namespace CodexSales.Node.Replay;

/// <summary>One block of a recorded chain, with the marketplace's events in their order: none in most blocks.</summary>
internal readonly record struct RecordedBlock(BlockStamp Stamp, ImmutableArray<MarketEvent> Events);
