namespace CodexSales.Rx.Testing.Contract;

/// <summary>How a <see cref="Chain.SimulatedChain"/> is set up. The defaults are the deployed contract's.</summary>
public sealed record SimulatedChainOptions
{
    /// <summary>Decides which periods want a proof, and the challenges. The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of the block in which the chain starts.</summary>
    public ulong FirstBlock { get; init; } = 1000;

    /// <summary>Seconds from block to block, at least 0.001. Timestamps are whole seconds, rounded down.</summary>
    public double BlockSeconds { get; init; } = 12;

    /// <summary>The first block's age as the chain is made. With 0 blocks fall on borders of periods.</summary>
    public TimeSpan FirstBlockAge { get; init; }

    /// <summary>The contract's rules: repair reward 10 %, periods 120 s, time-out 30 s, downtime 64 blocks.</summary>
    public MarketRules Rules { get; init; } = new()
    {
        RepairRewardPercent = 10,
        ProofPeriodSeconds = 120,
        ProofTimeoutSeconds = 30,
        ProofDowntimeBlocks = 64,
        MaxMissedProofs = 5,
    };

    /// <summary>How far the pointer jumps from one period to the next. Source: <c>downtimeProduct</c>.</summary>
    public byte DowntimeProduct { get; init; } = 67;

    /// <summary>How much of a slot's full collateral a missed proof costs, in percent.</summary>
    public byte SlashPercent { get; init; } = 10;

    /// <summary>How many missed proofs cost the slot: <see cref="MarketRules.MaxMissedProofs"/>.</summary>
    public byte MaxSlashes
    {
        get => Rules.MaxMissedProofs;
        init => Rules = Rules with { MaxMissedProofs = value };
    }

    /// <summary>How much of a slash goes to the validator that marked the proof as missing, in percent.</summary>
    public byte ValidatorRewardPercent { get; init; } = 20;

    /// <summary>How many hosts may reserve a slot.</summary>
    public byte MaxReservations { get; init; } = 3;

    /// <summary>The longest duration of a request in seconds: 30 days.</summary>
    public ulong MaxDurationSeconds { get; init; } = 2_592_000;

    /// <summary>
    /// How many of the newest blocks can be replaced; 0 by default. Each of them that holds something keeps a copy of
    /// the contract: O(requests and slots).
    /// </summary>
    public int MaxReorganisation { get; init; }

    /// <summary>By how many blocks a node may be behind. Costs as much as <see cref="MaxReorganisation"/>.</summary>
    public int MaxBlocksBehind { get; init; }

    /// <summary>What each connected host owns at first, in the token's smallest unit: 10^27.</summary>
    public UInt256 HostFunds { get; init; } = UInt256.Parse("1000000000000000000000000000");
}
