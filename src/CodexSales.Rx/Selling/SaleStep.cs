using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Selling;

/// <summary>One step in the life of a sale, as it is told to the host app.</summary>
/// <param name="At">When, on the chain's clock.</param>
/// <param name="Sale">The sale.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="MissedProofs">
/// How many periods it had to go so far without the proof that they wanted: money is lost.
/// </param>
/// <param name="End">
/// How it ended; null while it goes on. After it the sale is cleaned up and no more is heard of it.
/// </param>
public sealed record SaleStep(UnixSeconds At, Sale Sale, SaleStateName State, int MissedProofs, SaleEnd? End);

/// <summary>How a sale ended. By then its data is deleted and what it held is given back.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Earned">
/// The reward that was paid, in the token's smallest unit. Where the transaction that paid it was never heard of, what
/// the contract pays for that time.
/// </param>
/// <param name="CollateralLost">What did not come back of the collateral, in the token's smallest unit.</param>
public sealed record SaleEnd(SaleReason Reason, string Detail, UInt256 Earned, UInt256 CollateralLost);
