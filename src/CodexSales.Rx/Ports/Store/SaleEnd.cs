namespace CodexSales.Rx.Ports.Store;

/// <summary>How a sale ended. By then its data is deleted and what it held is given back.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Earned">
/// The reward that was paid, in the token's smallest unit. Where the transaction that paid it was never heard of, what
/// the contract pays for that time.
/// </param>
/// <param name="CollateralLost">What did not come back of the collateral, in the token's smallest unit.</param>
public sealed record SaleEnd(SaleReason Reason, string Detail, UInt256 Earned, UInt256 CollateralLost);
