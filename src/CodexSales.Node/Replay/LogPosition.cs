using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>The position of a log in the chain.</summary>
internal readonly record struct LogPosition(
    ulong BlockNumber, Bytes32 BlockHash, UnixSeconds? BlockTime, ulong LogIndex)
{
    public static LogPosition Of(LogEntry log) => new(log.BlockNumber, log.BlockHash, log.BlockTime, log.LogIndex);
}
