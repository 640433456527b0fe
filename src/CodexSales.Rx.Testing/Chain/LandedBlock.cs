namespace CodexSales.Rx.Testing.Chain;

/// <summary>A block that may be taken back.</summary>
/// <param name="At">Its stamp.</param>
/// <param name="Before">The contract before it.</param>
/// <param name="PeriodEnd">Where the validators were before it.</param>
/// <param name="Transactions">What it held.</param>
/// <param name="Events">What that has brought about.</param>
internal sealed record LandedBlock(
    BlockStamp At,
    SimulatedContract Before,
    UnixSeconds? PeriodEnd,
    IReadOnlyList<PendingTransaction> Transactions,
    IReadOnlyList<MarketEvent> Events);
