namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>What the contract is deployed with. The defaults are those of the recording.</summary>
public sealed record MarketplaceSettings
{
    /// <summary>How much less collateral a slot in repair takes, in percent.</summary>
    public byte RepairRewardPercent { get; init; } = 10;

    /// <summary>How many missed proofs cost the slot.</summary>
    public byte MaxSlashes { get; init; } = 5;

    /// <summary>How much of a slot's full collateral a missed proof costs, in percent.</summary>
    public byte SlashPercent { get; init; } = 10;

    /// <summary>How much of a slash goes to the validator, in percent.</summary>
    public byte ValidatorRewardPercent { get; init; } = 20;

    /// <summary>The length of a proof period in seconds.</summary>
    public ulong PeriodSeconds { get; init; } = 10;

    /// <summary>How many seconds after a period's end a missed proof may still be marked.</summary>
    public ulong TimeoutSeconds { get; init; } = 5;

    /// <summary>For how many blocks out of 256 no proof is required.</summary>
    public byte DowntimeBlocks { get; init; } = 64;

    /// <summary>How far the pointer jumps from one period to the next.</summary>
    public byte DowntimeProduct { get; init; } = 67;

    /// <summary>How many hosts may reserve a slot.</summary>
    public byte MaxReservations { get; init; } = 3;

    /// <summary>The longest duration of a request in seconds: 30 days.</summary>
    public ulong MaxDurationSeconds { get; init; } = 2_592_000;

    /// <summary>
    /// Whether a proof is taken for its own challenge only, which it carries as
    /// <see cref="CodexSales.Rx.Ports.Proving.Groth16Proof.BXReal"/>. Otherwise every proof is taken but that of eight zeros.
    /// </summary>
    public bool AreProofsBound { get; init; }
}
