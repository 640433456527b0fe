namespace CodexSales.Rx.Testing.Chain;

/// <summary>The distance of one host from the chain.</summary>
public sealed record SimulatedMarketOptions
{
    /// <summary>The time of a question. With none, the answer comes at once, but not inside of the call.</summary>
    public TimeSpan CallLatency { get; init; }

    /// <summary>The time that a transaction takes to reach the chain; it then waits for the next block.</summary>
    public TimeSpan TransactionLatency { get; init; }

    /// <summary>
    /// The blocks after its own until a transaction's outcome is told; 0 by default, at least the best node's lag.
    /// A reorganisation of at most that depth does not contradict an outcome that was told.
    /// </summary>
    public ulong Confirmations { get; init; }

    /// <summary>
    /// The nodes that answer, by how many blocks each is behind: a random one for each question, which fails if that
    /// node does not know its block. Blocks and events are told when the first node knows them. By default one that
    /// knows all.
    /// </summary>
    /// <value>At least one, each from 0 to <see cref="SimulatedChainOptions.MaxBlocksBehind"/>.</value>
    public IReadOnlyList<int> NodesBehind { get; init; } = [0];

    /// <summary>The percentage of questions that fail because the node does not know their block.</summary>
    public int UnknownBlockPercent { get; init; }

    /// <summary>Decides which node answers. The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The blocks by which a <see cref="MarketFault.ReceiptLate"/> outcome is told too late.</summary>
    public ulong LateReceiptBlocks { get; init; } = 20;

    /// <summary>The time by which a <see cref="MarketFault.Late"/> transaction lands too late.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMinutes(2);
}
