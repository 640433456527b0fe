namespace CodexSales.Rx.Testing.Chain;

/// <summary>A block that may be taken back.</summary>
internal sealed record LandedBlock(
    BlockStamp At,
    SimulatedContract Before,
    UnixSeconds? PeriodEnd,
    IReadOnlyList<PendingTransaction> Transactions,
    IReadOnlyList<MarketEvent> Events);
