namespace CodexSales.Rx.Testing.Contract;

/// <summary>The setup of a <see cref="Chain.SimulatedChain"/>. The defaults are the deployed contract's.</summary>
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

    /// <summary>The pointer's jump from one period to the next. Source: <c>downtimeProduct</c>.</summary>
    public byte DowntimeProduct { get; init; } = 67;

    /// <summary>The percentage of a slot's full collateral that a missed proof costs.</summary>
    public byte SlashPercent { get; init; } = 10;

    /// <summary>The number of missed proofs that cost the slot: <see cref="MarketRules.MaxMissedProofs"/>.</summary>
    public byte MaxSlashes
    {
        get => Rules.MaxMissedProofs;
        init => Rules = Rules with { MaxMissedProofs = value };
    }

    /// <summary>The percentage of a slash that goes to the validator that marked the proof as missing.</summary>
    public byte ValidatorRewardPercent { get; init; } = 20;

    /// <summary>The most hosts that may reserve a slot.</summary>
    public byte MaxReservations { get; init; } = 3;

    /// <summary>The longest duration of a request in seconds: 30 days.</summary>
    public ulong MaxDurationSeconds { get; init; } = 2_592_000;

    /// <summary>
    /// The most blocks that can be replaced; 0 by default. Each of them that holds something keeps a copy of
    /// the contract: O(requests and slots).
    /// </summary>
    public int MaxReorganisation { get; init; }

    /// <summary>By how many blocks a node may be behind. Costs as much as <see cref="MaxReorganisation"/>.</summary>
    public int MaxBlocksBehind { get; init; }

    /// <summary>The tokens of each connected host at first, in the smallest unit: 10^27.</summary>
    public UInt256 HostFunds { get; init; } = UInt256.Parse("1000000000000000000000000000");

    // The demands of the contract's constructor, and our own.
    internal void Validate()
    {
        ThrowUnless(BlockSeconds >= 0.001, "a block takes at least a thousandth of a second");
        ThrowUnless(
            FirstBlockAge >= TimeSpan.Zero && FirstBlockAge.TotalSeconds < BlockSeconds,
            "the first block is younger than the time of a block");
        ThrowUnless(Rules.ProofPeriodSeconds > 0, "a proof period takes at least a second");
        ThrowUnless(Rules.RepairRewardPercent <= 100, "the repair reward is at most 100 %");
        ThrowUnless(ValidatorRewardPercent <= 100, "the validator's reward is at most 100 %");
        ThrowUnless(MaxReorganisation >= 0, "the longest reorganisation is at least 0 blocks");
        ThrowUnless(MaxBlocksBehind >= 0, "a node is behind by at least 0 blocks");
        ThrowUnless(MaxSlashes * SlashPercent <= 100, "all slashes together are at most 100 %");

        static void ThrowUnless(bool condition, string demand)
        {
            if (!condition)
            {
                throw new ArgumentException($"The contract can't be set up like that: {demand}.");
            }
        }
    }
}
