using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>What a log says: an event, or why there is none.</summary>
/// <remarks>Immutable. <c>default</c> is a log of another contract in block 0.</remarks>
public readonly record struct DecodedLog
{
    private DecodedLog(
        DecodedLogKind kind, BlockStamp block, ulong logIndex, MarketEvent? marketEvent, string? reason) =>
        (Kind, Block, LogIndex, Event, Reason) = (kind, block, logIndex, marketEvent, reason);

    /// <summary>Which of the three cases it is.</summary>
    public DecodedLogKind Kind { get; }

    /// <summary>The block that holds the log.</summary>
    public BlockStamp Block { get; }

    /// <summary>The log's place in its block, from 0.</summary>
    public ulong LogIndex { get; }

    /// <summary>
    /// The event, or <see cref="Reverted"/> for a log that a reorganisation took back. Null unless there is one.
    /// </summary>
    public MarketEvent? Event { get; }

    /// <summary>
    /// Why the log could not be decoded, as one sentence. Null unless it is <see cref="DecodedLogKind.Undecodable"/>.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Whether the log is an event.</summary>
    public bool TryGetEvent([NotNullWhen(true)] out MarketEvent? marketEvent)
    {
        marketEvent = Event;
        return marketEvent is not null;
    }

    internal static DecodedLog OfAnotherContract(in LogEntry log, BlockStamp block) =>
        new(DecodedLogKind.OfAnotherContract, block, log.LogIndex, null, null);

    internal static DecodedLog Of(in LogEntry log, MarketEvent marketEvent) =>
        new(DecodedLogKind.MarketEvent, marketEvent.Block, log.LogIndex, marketEvent, null);

    internal static DecodedLog Undecodable(in LogEntry log, BlockStamp block, string reason) =>
        new(DecodedLogKind.Undecodable, block, log.LogIndex, null, reason);
}
