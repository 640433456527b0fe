namespace CodexSales.Rx.Availabilities;

/// <summary>
/// What is sold over all availabilities, also those that are gone, at one moment. Amounts are in the token's smallest
/// unit.
/// </summary>
/// <param name="Sales">How many sales hold space.</param>
/// <param name="HeldBytes">Space that sales hold but have not written yet, in bytes.</param>
/// <param name="UsedBytes">Space that sales have written, in bytes.</param>
/// <param name="HeldCollateral">The collateral of running sales.</param>
/// <param name="ExpectedReward">What filled slots are paid when their requests end, if no proof is missed.</param>
/// <param name="Paid">How many sales were paid, in full or in part.</param>
/// <param name="Earned">The rewards that were paid.</param>
/// <param name="Slashed">Collateral that the contract kept of slots that it paid: one part for each missed
/// proof.</param>
/// <param name="Lost">Collateral of slots that the contract took away, or whose request failed.</param>
public sealed record SalesTotals(
    int Sales,
    UInt128 HeldBytes,
    UInt128 UsedBytes,
    UInt256 HeldCollateral,
    UInt256 ExpectedReward,
    long Paid,
    UInt256 Earned,
    UInt256 Slashed,
    UInt256 Lost);
