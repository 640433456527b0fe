namespace CodexSales.Rx.Ports.Store;

/// <summary>The results of an availability's past sales. Amounts are in the token's smallest unit.</summary>
/// <param name="AvailabilityId">The availability; null for sales that found no room in any.</param>
/// <param name="Paid">The number of sales that were paid, in full or in part.</param>
/// <param name="Earned">The rewards that were paid.</param>
/// <param name="Slashed">Collateral that the contract kept of slots that it paid: one part for each missed
/// proof.</param>
/// <param name="Lost">Collateral of slots that the contract took away, or whose request failed.</param>
public sealed record SoldTotals(
    AvailabilityId? AvailabilityId, long Paid, UInt256 Earned, UInt256 Slashed, UInt256 Lost)
{
    /// <summary>Of an availability of which nothing was sold yet.</summary>
    public static SoldTotals None(AvailabilityId? id) => new(id, 0, UInt256.Zero, UInt256.Zero, UInt256.Zero);

    /// <summary>The totals with one more sale that is over.</summary>
    internal SoldTotals With(SaleEnd end) => end.Reason is SaleReason.ForcedOut or SaleReason.RequestFailed
        ? this with { Lost = Lost + end.CollateralLost }
        : this with
        {
            Paid = Paid + (end.Earned > UInt256.Zero ? 1 : 0),
            Earned = Earned + end.Earned,
            Slashed = Slashed + end.CollateralLost,
        };
}
