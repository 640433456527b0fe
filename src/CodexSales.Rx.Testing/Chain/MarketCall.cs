namespace CodexSales.Rx.Testing.Chain;

/// <summary>One call to a <see cref="SimulatedMarket"/>.</summary>
/// <param name="Name">The method of <see cref="CodexSales.Rx.Ports.Market.IMarket"/>.</param>
/// <param name="Slot">The slot that it is about, if it is about one.</param>
/// <param name="At">When it was made.</param>
public readonly record struct MarketCall(string Name, SlotKey? Slot, DateTimeOffset At);
