using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Hosting.Chain;

/// <summary>Where the chain stands, by what was heard of it last. Immutable.</summary>
public sealed record ChainStatus
{
    /// <summary>Who sells.</summary>
    public required Address Account { get; init; }

    /// <summary>The newest block whose events were told; null before the first one.</summary>
    public required BlockStamp? Block { get; init; }

    /// <summary>How long ago that block was heard of.</summary>
    public required TimeSpan SinceBlock { get; init; }

    /// <summary>Whether no block came for so long that nothing can be sold.</summary>
    public required bool IsBlockOverdue { get; init; }

    /// <summary>The chain; null where it was not asked for yet, or the market is on none.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>The contract; null where the market is none.</summary>
    public Address? Marketplace { get; init; }

    /// <summary>The newest block of the node that is asked; null where it has not said, or there is none.</summary>
    public BlockStamp? NodeBlock { get; init; }

    /// <summary>How many blocks of the node are not told yet; null where that is not known.</summary>
    public ulong? Lag { get; init; }

    /// <summary>Why events are not up to date, in a sentence; null where they are.</summary>
    public string? Problem { get; init; }

    /// <summary>What was found of the nodes that does no harm yet, in a sentence; null without one.</summary>
    public string? Notice { get; init; }

    /// <summary>The nodes, the preferred one first; none where the market is on no chain.</summary>
    public IReadOnlyList<ChainEndpoint> Endpoints { get; init; } = [];

    /// <summary>What gas cost when a transaction was priced last; null before the first one.</summary>
    public GasPrice? GasPrice { get; init; }

    /// <summary>The fees of the last 24 hours, in wei; null where the market is on no chain.</summary>
    public UInt256? SpentInADay { get; init; }

    /// <summary>The most that may be spent so, in wei; null where the market is on no chain.</summary>
    public UInt256? MostInADay { get; init; }
}
