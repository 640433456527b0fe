using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A log of a node's answer, not decoded: its JSON points into the answer; its time may be missing.</summary>
internal readonly record struct FoundLog(
    ReadOnlyMemory<byte> Json, ulong Block, Bytes32 BlockHash, ulong Index, UnixSeconds? Time)
{
    /// <summary>Reads the answer of <c>eth_getLogs</c>: its logs in the order of the chain, each once.</summary>
    /// <exception cref="NodeReadException">It is no array of logs of one branch.</exception>
    public static List<FoundLog> ReadAll(ReadOnlyMemory<byte> utf8Json)
    {
        List<FoundLog> logs = [];
        var json = new Utf8JsonReader(utf8Json.Span);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                throw new NodeReadException("The node gave something else than logs.");
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                logs.Add(Read(utf8Json[start..(int)json.BytesConsumed]));
            }
        }
        catch (JsonException)
        {
            throw new NodeReadException("The node gave logs that are not JSON.");
        }

        return InOrder(logs);
    }

    /// <summary>Logs in the order of the chain, each once.</summary>
    /// <exception cref="NodeReadException">They are of several branches.</exception>
    public static List<FoundLog> InOrder(List<FoundLog> logs)
    {
        logs.Sort((one, other) => (one.Block, one.Index).CompareTo((other.Block, other.Index)));
        for (var i = logs.Count - 1; i > 0; i--)
        {
            var (one, next) = (logs[i - 1], logs[i]);
            if (one.Block == next.Block && one.BlockHash != next.BlockHash)
            {
                throw new NodeReadException($"The node gave logs of two blocks of height {next.Block}.");
            }

            if (one.Block == next.Block && one.Index == next.Index)
            {
                logs.RemoveAt(i);
            }
        }

        return logs;
    }

    private static FoundLog Read(ReadOnlyMemory<byte> json)
    {
        if (!LogEntry.TryRead(json.Span, out var log, out var problem))
        {
            throw new NodeReadException($"The node gave a log, but {problem}");
        }

        return log.IsRemoved
            ? throw new NodeReadException($"The node gave a log of block {log.BlockNumber} that it has removed.")
            : new FoundLog(json, log.BlockNumber, log.BlockHash, log.LogIndex, log.BlockTime);
    }
}
