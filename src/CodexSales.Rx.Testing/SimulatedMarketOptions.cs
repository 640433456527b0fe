namespace CodexSales.Rx.Testing;

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
    /// How many blocks after its own a transaction's outcome is told; 0 by default. A reorganisation that goes no
    /// deeper can't belie it.
    /// </summary>
    public ulong Confirmations { get; init; }

    /// <summary>How much later than it should a transaction lands that is <see cref="MarketFault.Late"/>.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMinutes(2);
}
