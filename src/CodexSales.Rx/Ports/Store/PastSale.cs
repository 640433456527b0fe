namespace CodexSales.Rx.Ports.Store;

/// <summary>A sale that is over and cleaned up.</summary>
/// <param name="Sale">The sale, in the state that it ended with, at the moment at which it ended.</param>
/// <param name="End">Its reason, earnings and losses.</param>
public sealed record PastSale(SaleRecord Sale, SaleEnd End);
