namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>What was read of a row of blocks.</summary>
/// <param name="Events">All their events, in order.</param>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last one.</param>
internal sealed record BlockRange(List<MarketEvent> Events, ChainHeader First, ChainHeader Last);
