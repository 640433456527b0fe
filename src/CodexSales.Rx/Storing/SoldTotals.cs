using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Storing;

/// <summary>What came of the sales of one availability that are over. Amounts are in the token's smallest unit.</summary>
/// <param name="AvailabilityId">The availability; null for sales that found no room in any.</param>
/// <param name="Paid">How many sales were paid, in full or in part.</param>
/// <param name="Earned">The rewards that were paid.</param>
/// <param name="Slashed">Collateral that the contract kept of slots that it paid: one part for each missed proof.</param>
/// <param name="Lost">Collateral of slots that the contract took away, or whose request failed.</param>
public sealed record SoldTotals(
    AvailabilityId? AvailabilityId, long Paid, UInt256 Earned, UInt256 Slashed, UInt256 Lost);
