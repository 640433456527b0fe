namespace CodexSales.Rx.Sqlite;

/// <summary>A past sale with what it has cost. Immutable.</summary>
/// <param name="Sale">The sale, in the state that it ended with, at the moment at which it ended.</param>
/// <param name="End">Its reason, earnings and losses.</param>
/// <param name="SpentWei">
/// What its transactions have cost in fees, in wei, each once; 0 on a market that is on no chain. Null where it is unknown: of a sale that
/// ended before this was kept.
/// </param>
public sealed record StoredPastSale(SaleRecord Sale, SaleEnd End, UInt256? SpentWei);
