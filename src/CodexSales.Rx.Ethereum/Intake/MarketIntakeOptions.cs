namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The options of reading the market's events. Checked when an intake is made.</summary>
public sealed record MarketIntakeOptions
{
    private const int MostFinalDepth = 100_000;

    /// <summary>
    /// The age, in chain time, at which the events begin: the longest duration of a request, so that all which can still
    /// be filled are among them. Source: <c>configuration().requestDurationLimit</c>.
    /// </summary>
    /// <value>30 days by default; more than nothing.</value>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The expected chain; null takes that of the first answer. Source: <c>eth_chainId</c>.</summary>
    /// <value>Null by default.</value>
    public ulong? ChainId { get; set; }

    /// <summary>Whether the most frequent <c>ProofSubmitted</c> events are told. The pipeline does without.</summary>
    /// <value>False by default.</value>
    public bool Proofs { get; set; }

    /// <summary>The time after which the node is asked for a new block if it pushes none.</summary>
    /// <value>4 s by default; more than nothing.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The time without news after which a node is connected to afresh, or another one is asked.</summary>
    /// <value>2 minutes by default; more than nothing.</value>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The depth of a final block on chains without finality; <see cref="FinalAge"/> counts, too.</summary>
    /// <value>64 blocks by default; from 1 to 100,000.</value>
    public int FinalDepth { get; set; } = 64;

    /// <summary>
    /// The distance in time of a final block from the newest one, where the node does not say which blocks are final: 64
    /// blocks are a quarter of an hour on one chain and sixteen seconds on another.
    /// </summary>
    /// <value>
    /// 30 minutes by default; 0 or more. The deepest known reorganisation of a large chain, of 157 blocks, was one of
    /// six minutes; a payout loses nothing by waiting.
    /// </value>
    public TimeSpan FinalAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether remembered blocks are forgotten first: the chain is new, or reorganised too deeply.</summary>
    /// <value>False by default.</value>
    public bool ForgetsBlocks { get; set; }

    /// <summary>The most blocks of one question for logs; a provider's lower limit is learnt.</summary>
    /// <value>10,000 by default; at least 1.</value>
    public int MaxBlocksPerRange { get; set; } = 10_000;

    /// <summary>The number of block ranges that are read at once. Their events are told in order all the same.</summary>
    /// <value>4 by default; at least 1.</value>
    public int RangesInFlight { get; set; } = 4;

    /// <summary>The longest wait before a question that failed is asked again.</summary>
    /// <value>30 s by default; more than nothing.</value>
    public TimeSpan LongestBackOff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. OptionErrors.Unless(LookBack > TimeSpan.Zero, nameof(LookBack), LookBack, "more than 0"),
        .. OptionErrors.Unless(PollInterval > TimeSpan.Zero, nameof(PollInterval), PollInterval, "more than 0"),
        .. OptionErrors.Unless(StallAfter > TimeSpan.Zero, nameof(StallAfter), StallAfter, "more than 0"),
        .. OptionErrors.Unless(FinalDepth is >= 1 and <= MostFinalDepth, nameof(FinalDepth), FinalDepth, $"1 to {MostFinalDepth}"),
        .. OptionErrors.Unless(FinalAge >= TimeSpan.Zero, nameof(FinalAge), FinalAge, "0 or more"),
        .. OptionErrors.Unless(MaxBlocksPerRange >= 1, nameof(MaxBlocksPerRange), MaxBlocksPerRange, "1 or more"),
        .. OptionErrors.Unless(RangesInFlight >= 1, nameof(RangesInFlight), RangesInFlight, "1 or more"),
        .. OptionErrors.Unless(LongestBackOff > TimeSpan.Zero, nameof(LongestBackOff), LongestBackOff, "more than 0"),
    ];
}
