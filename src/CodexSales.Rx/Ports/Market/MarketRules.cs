namespace CodexSales.Rx.Ports.Market;

/// <summary>What the contract was deployed with, as far as a host needs it. Source: <c>configuration()</c>.</summary>
public sealed record MarketRules
{
    /// <summary>How much less collateral a host puts down for a slot in repair, in percent from 0 to 100.</summary>
    public required byte RepairRewardPercent { get; init; }

    /// <summary>The length of a proof period in seconds, at least 1.</summary>
    public required ulong ProofPeriodSeconds { get; init; }

    /// <summary>How many seconds after a period's end a missed proof may still be marked as missing.</summary>
    public required ulong ProofTimeoutSeconds { get; init; }

    /// <summary>
    /// For how many blocks out of 256 no proof is required: the pointer below which a slot is in its downtime.
    /// </summary>
    public required byte ProofDowntimeBlocks { get; init; }

    /// <summary>How many missed proofs cost the slot and all that is left of its collateral.</summary>
    public required byte MaxMissedProofs { get; init; }
}
