using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>A file of logs and, where there is one, a file of blocks, read as one sequence of blocks.</summary>
/// <remarks>The files are read while the blocks are taken, in memory that does not grow with them. A block that either
/// file names is given, with events or without. Its time is that of the file of blocks, or else of its logs.</remarks>
internal sealed class RecordedChain
{
    /// <summary>The latest time that a block may have, in the year 9000: no clock here goes beyond 9999.</summary>
    public static readonly UnixSeconds LastTime = new(221_845_132_800);

    private readonly string _logsPath;
    private readonly string? _blocksPath;
    private MarketplaceLogDecoder? _decoder;

    /// <param name="logsPath">One JSON-RPC log object a line, in the order of the chain; not opened yet.</param>
    /// <param name="blocksPath">One JSON-RPC block object a line, in the order of the chain.</param>
    /// <param name="marketplace">The contract; null for the first that writes a log whose topic is a Marketplace event.</param>
    public RecordedChain(string logsPath, string? blocksPath = null, Address? marketplace = null)
    {
        (_logsPath, _blocksPath) = (logsPath, blocksPath);
        _decoder = marketplace is { } address ? new MarketplaceLogDecoder(address) : null;
    }

    /// <summary>The contract whose events are read; null as long as it is neither given nor found.</summary>
    public Address? Marketplace => _decoder?.Marketplace;

    public ReplayCounts Counts { get; } = new();

    /// <summary>Reads the blocks in their order. To be read once: a second time would count everything twice.</summary>
    public IEnumerable<RecordedBlock> Read()
    {
        using var logs = new LogCursor(_logsPath);
        using var blocks = _blocksPath is null ? null : new BlockCursor(_blocksPath);
        BlockStamp? previous = null;
        while (Earlier(logs.Current?.BlockNumber, blocks?.Current?.Number) is { } number)
        {
            var stamp = new BlockStamp(number, TimeOf(number, logs, blocks, notBefore: previous?.Time ?? default))
            {
                Hash = logs.Current is { } log && log.BlockNumber == number ? log.BlockHash : blocks!.Current!.Value.Hash,
            };
            var events = ReadEvents(logs, stamp);
            if (blocks?.Current?.Number == number)
            {
                blocks.MoveNext();
            }

            Counts.AddBlock();
            previous = stamp;
            yield return new RecordedBlock(stamp, events);
        }
    }

    private static ulong? Earlier(ulong? left, ulong? right) =>
        left is { } l && right is { } r ? Math.Min(l, r) : left ?? right;

    private static UnixSeconds TimeOf(ulong number, LogCursor logs, BlockCursor? blocks, UnixSeconds notBefore)
    {
        var header = blocks?.Current is { } block && block.Number == number ? block.Time : (UnixSeconds?)null;
        if ((header ?? logs.Current?.BlockTime) is not { } time)
        {
            var where = blocks is null ? "a file of blocks" : blocks.Path;
            throw logs.Error(
                $"the time of block {number} is expected in its logs' blockTimestamp or in {where}, "
                + "but it is in neither.");
        }

        if (time < notBefore || time > LastTime)
        {
            var bound = time < notBefore ? $"{notBefore} or later" : $"{LastTime} or earlier";
            var problem = $"a time of {bound} is expected for block {number}, but it is {time}.";
            throw header is null ? logs.Error(problem) : blocks!.Error(problem);
        }

        return time;
    }

    private ImmutableArray<MarketEvent> ReadEvents(LogCursor logs, BlockStamp block)
    {
        var events = ImmutableArray.CreateBuilder<MarketEvent>();
        for (; logs.Current?.BlockNumber == block.Number; logs.MoveNext())
        {
            if (logs.Current.Value.BlockTime is { } time && time != block.Time)
            {
                throw logs.Error(
                    $"block {block.Number} is expected to have the time {block.Time}, but this log says {time}.");
            }

            var log = logs.Read();
            _decoder ??= FindMarketplace(in log);
            if (_decoder is null)
            {
                Counts.AddLogOfAnotherContract();
                continue;
            }

            var decoded = _decoder.Decode(in log, block.Time);
            Counts.Add(decoded);
            if (decoded.TryGetEvent(out var happened))
            {
                events.Add(happened);
            }
        }

        return events.DrainToImmutable();
    }

    private static MarketplaceLogDecoder? FindMarketplace(in LogEntry log) =>
        !log.Topics.IsEmpty && MarketplaceLogDecoder.IsEventTopic(log.Topics[0])
            ? new MarketplaceLogDecoder(log.Address)
            : null;
}
