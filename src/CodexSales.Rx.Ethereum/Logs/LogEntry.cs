using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>One log of the chain as a node gives it by JSON-RPC: read, but not yet understood.</summary>
/// <remarks>
/// Lives on the stack and points into the text that it was read from, so it is good for as long as that text does not
/// change. Source: the log object of <c>eth_getLogs</c> and <c>eth_subscribe</c>.
/// </remarks>
public readonly ref struct LogEntry
{
    private readonly LogTopics _topics;

    internal LogEntry(scoped in LogEntryReader read)
    {
        _topics = read.Topics;
        Address = read.Address;
        BlockNumber = read.BlockNumber;
        BlockHash = read.BlockHash;
        BlockTime = read.BlockTime;
        LogIndex = read.LogIndex;
        DataText = read.DataText;
        IsRemoved = read.IsRemoved;
    }

    /// <summary>The contract that wrote the log.</summary>
    public Address Address { get; }

    /// <summary>The height of the block that holds the log.</summary>
    public ulong BlockNumber { get; }

    /// <summary>
    /// The hash of the block that holds the log: after a reorganisation the same height has another one.
    /// </summary>
    public Bytes32 BlockHash { get; }

    /// <summary>The block's timestamp, or null where the node does not put it into its logs, or puts 0 there.</summary>
    public UnixSeconds? BlockTime { get; }

    /// <summary>The log's place in its block, from 0, counted over the logs of all contracts.</summary>
    public ulong LogIndex { get; }

    /// <summary>Whether a reorganisation took the log back.</summary>
    public bool IsRemoved { get; }

    /// <summary>
    /// The log's topics, at most four. The first one says which event it is; anonymous events may have none.
    /// </summary>
    [UnscopedRef]
    public ReadOnlySpan<Bytes32> Topics => _topics.AsSpan();

    /// <summary>
    /// The log's data as it was written: "0x" and hexadecimal digits is expected, but not checked here.
    /// </summary>
    public ReadOnlySpan<byte> DataText { get; }

    /// <summary>Reads one JSON-RPC log object. Allocates nothing, unless it fails.</summary>
    /// <param name="utf8Json">The object and nothing else but white space.</param>
    /// <param name="log">What was read; <c>default</c> when nothing could be.</param>
    /// <param name="problem">
    /// What is wrong with the text, as the rest of a sentence that begins with "but", or null.
    /// </param>
    /// <returns>False when the text is not such an object; there is no text for which it throws.</returns>
    /// <remarks>
    /// <c>address</c>, <c>topics</c>, <c>data</c>, <c>blockHash</c>, <c>blockNumber</c> and <c>logIndex</c> must be
    /// there, each once; <c>blockTimestamp</c> and <c>removed</c> (false by default) may be; other properties are passed
    /// over. Hexadecimal digits may be of either case. A <c>blockTimestamp</c> may also be a JSON number; 0, or whatever
    /// else it is, counts as not given. A pending log, whose block is null, is refused. So are property names and values
    /// with escapes: nothing in a log needs them.
    /// </remarks>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Json, out LogEntry log, [NotNullWhen(false)] out string? problem)
    {
        var reader = new LogEntryReader(utf8Json);
        var isLog = reader.TryRead(out problem);
        log = isLog ? new LogEntry(in reader) : default;
        return isLog;
    }
}
