namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>An event, or why a log is none. <c>default</c> is a log of another contract in block 0.</summary>
public readonly record struct DecodedLog
{
    internal DecodedLog(
        DecodedLogKind kind, BlockStamp block, ulong logIndex, MarketEvent? marketEvent, string? reason) =>
        (Kind, Block, LogIndex, Event, Reason) = (kind, block, logIndex, marketEvent, reason);

    /// <summary>Which of the three cases it is.</summary>
    public DecodedLogKind Kind { get; }

    /// <summary>The block that holds the log.</summary>
    public BlockStamp Block { get; }

    /// <summary>The log's place in its block, from 0.</summary>
    public ulong LogIndex { get; }

    /// <summary>The event (<see cref="Reverted"/> for a log that was taken back); null unless there is one.</summary>
    public MarketEvent? Event { get; }

    /// <summary>Why it is <see cref="DecodedLogKind.Undecodable"/>, as one sentence; else null.</summary>
    public string? Reason { get; }

    /// <summary>Whether the log is an event.</summary>
    public bool TryGetEvent([NotNullWhen(true)] out MarketEvent? marketEvent)
    {
        marketEvent = Event;
        return marketEvent is not null;
    }

}
