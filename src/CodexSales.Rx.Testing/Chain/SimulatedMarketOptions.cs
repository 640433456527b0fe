namespace CodexSales.Rx.Testing.Chain;

/// <summary>How far away the chain is for one host.</summary>
public sealed record SimulatedMarketOptions
{
    /// <summary>
    /// How long a question takes. With none, the answer comes at the same moment, but never inside of the call.
    /// </summary>
    public TimeSpan CallLatency { get; init; }

    /// <summary>How long a transaction takes to reach the chain; it then waits for the next block.</summary>
    public TimeSpan TransactionLatency { get; init; }

    /// <summary>
    /// How many blocks after its own a transaction's outcome is told; 0 by default, and never fewer than the node is behind that
    /// is least so. A reorganisation that goes no deeper can't belie it.
    /// </summary>
    public ulong Confirmations { get; init; }

    /// <summary>
    /// The nodes that answer, each by how many blocks it is behind: 0 knows the chain's newest block. One of them, by
    /// chance, answers each question, and none that is about a block which it does not know yet. Blocks and events are
    /// told when the first of them knows of them. By default one that knows all.
    /// </summary>
    /// <value>At least one, each from 0 to <see cref="SimulatedChainOptions.MaxBlocksBehind"/>.</value>
    public IReadOnlyList<int> NodesBehind { get; init; } = [0];

    /// <summary>
    /// How many questions in a hundred come to a node that does not know the block that it is asked about: they are not
    /// answered.
    /// </summary>
    public int UnknownBlockPercent { get; init; }

    /// <summary>Decides which node answers. The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many blocks later than it should an outcome is told that is
    /// <see cref="MarketFault.ReceiptLate"/>.</summary>
    public ulong LateReceiptBlocks { get; init; } = 20;

    /// <summary>How much later than it should a transaction lands that is <see cref="MarketFault.Late"/>.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMinutes(2);
}
