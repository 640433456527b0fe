using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Hosting;

/// <summary>A sale that is over. Immutable.</summary>
/// <param name="Step">Its last step, with why it ended and what it brought.</param>
/// <param name="SpentWei">What its transactions have cost in fees, in wei, also before a restart.</param>
public sealed record EndedSale(SaleStep Step, UInt256 SpentWei);
