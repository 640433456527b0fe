namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>How the market's events are read. Checked when an intake is made.</summary>
public sealed record MarketIntakeOptions
{
    private const int MostFinalDepth = 100_000;

    /// <summary>
    /// How far back, in chain time, the events begin: the longest that a request may last, so that all which can still
    /// be filled are among them. Source: <c>configuration().requestDurationLimit</c>.
    /// </summary>
    /// <value>30 days by default; more than nothing.</value>
    public TimeSpan LookBack { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The chain that is expected; null takes that of the first answer. Source: <c>eth_chainId</c>.</summary>
    /// <value>Null by default.</value>
    public ulong? ChainId { get; set; }

    /// <summary>
    /// Whether <c>ProofSubmitted</c> events are told, too. The pipeline has no use for them, and a busy chain has more
    /// of them than of all others together.
    /// </summary>
    /// <value>False by default.</value>
    public bool Proofs { get; set; }

    /// <summary>After how long the node is asked for a new block if it pushes none.</summary>
    /// <value>4 s by default; more than nothing.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// After how long in which no block could be told the node is suspected: it is connected to afresh, or another one
    /// is asked.
    /// </summary>
    /// <value>2 minutes by default; more than nothing.</value>
    public TimeSpan StallAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many blocks stand on a block that counts as final where the node does not say which ones are; the block is
    /// <see cref="FinalAge"/> older than the newest one, too.
    /// </summary>
    /// <value>64 blocks by default; from 1 to 100,000.</value>
    public int FinalDepth { get; set; } = 64;

    /// <summary>
    /// How much older than the newest block a block is that counts as final where the node does not say which ones are:
    /// what can't be undone waits so long. 64 blocks are a quarter of an hour on one chain and sixteen seconds on another.
    /// </summary>
    /// <value>
    /// 30 minutes by default; 0 or more. The deepest reorganisation of a large chain that is known, of 157 blocks, was one
    /// of six minutes; a payout loses nothing by waiting.
    /// </value>
    public TimeSpan FinalAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Whether the blocks by which the chain is known again are forgotten first: after a reorganisation that replaced all
    /// of them, or on a development chain that was begun anew.
    /// </summary>
    /// <value>False by default.</value>
    public bool ForgetsBlocks { get; set; }

    /// <summary>How many blocks one question for logs spans at most; what a provider refuses is learnt.</summary>
    /// <value>10,000 by default; at least 1.</value>
    public int MaxBlocksPerRange { get; set; } = 10_000;

    /// <summary>How many ranges of blocks are read at once. Their events are told in order all the same.</summary>
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
