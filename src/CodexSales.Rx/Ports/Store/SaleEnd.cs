namespace CodexSales.Rx.Ports.Store;

/// <summary>The end of a sale. By then its data is deleted, and its holds are released.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Earned">The reward that was paid, in the token's smallest unit; computed by the contract's rules if the
/// payout's transaction is unknown.</param>
/// <param name="CollateralLost">The part of the collateral that was lost, in the token's smallest unit.</param>
public sealed record SaleEnd(SaleReason Reason, string Detail, UInt256 Earned, UInt256 CollateralLost);
