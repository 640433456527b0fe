namespace CodexSales.Rx.Ports.Market;

/// <summary>The contract's constants that a host needs. Source: <c>configuration()</c>.</summary>
public sealed record MarketRules
{
    /// <summary>The share of the collateral that a host saves on a slot in repair, in percent (0 to 100).</summary>
    public required byte RepairRewardPercent { get; init; }

    /// <summary>The length of a proof period in seconds, at least 1.</summary>
    public required ulong ProofPeriodSeconds { get; init; }

    /// <summary>The seconds after a period's end in which a missed proof may still be marked as missing.</summary>
    public required ulong ProofTimeoutSeconds { get; init; }

    /// <summary>The pointers below this one, out of 256, are a slot's downtime: no proof is required.</summary>
    public required byte ProofDowntimeBlocks { get; init; }

    /// <summary>The number of missed proofs that cost the slot and the rest of its collateral.</summary>
    public required byte MaxMissedProofs { get; init; }
}
