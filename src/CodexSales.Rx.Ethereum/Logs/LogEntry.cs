namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>One log as a node gives it by JSON-RPC: read, but not decoded.</summary>
/// <remarks>
/// Points into the text that it was read from: good until that text changes. Source: the log object of
/// <c>eth_getLogs</c> and <c>eth_subscribe</c>.
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

    /// <summary>The hash of its block: after a reorganisation the same height has another one.</summary>
    public Bytes32 BlockHash { get; }

    /// <summary>The block's timestamp; null where the node does not give it with the log, or gives 0.</summary>
    public UnixSeconds? BlockTime { get; }

    /// <summary>The log's place in its block, from 0, counted over the logs of all contracts.</summary>
    public ulong LogIndex { get; }

    /// <summary>Whether a reorganisation took the log back.</summary>
    public bool IsRemoved { get; }

    /// <summary>At most four topics. The first one names the event; anonymous events may have none.</summary>
    [UnscopedRef]
    public ReadOnlySpan<Bytes32> Topics => _topics.AsSpan();

    /// <summary>The log's data as written: should be "0x" and hexadecimal digits, which is not checked here.</summary>
    public ReadOnlySpan<byte> DataText { get; }

    /// <summary>Reads one JSON-RPC log object. Allocates nothing, unless it fails.</summary>
    /// <param name="utf8Json">The object and nothing else but white space.</param>
    /// <param name="log">The log; <c>default</c> on failure.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that begins with "but", or null.</param>
    /// <returns>False when the text is not such an object. No text makes it throw.</returns>
    /// <remarks>
    /// <c>address</c>, <c>topics</c>, <c>data</c>, <c>blockHash</c>, <c>blockNumber</c> and <c>logIndex</c> must be
    /// there, each once; <c>blockTimestamp</c> and <c>removed</c> may be; other properties are passed over. A pending
    /// log, whose block is null, is refused, and so are escapes in names and values: nothing in a log needs them.
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
