namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Timestamps of blocks, from their headers: logs are checked against them. Lives on the scheduler.</summary>
internal sealed class BlockTimes(NodeReader node)
{
    // The most times that are remembered; the oldest go first.
    private const int Most = 10_000;

    private readonly Dictionary<Bytes32, UnixSeconds> _times = [];
    private readonly Queue<Bytes32> _order = [];

    public void Note(ChainHeader header)
    {
        if (!_times.ContainsKey(header.Hash))
        {
            _order.Enqueue(header.Hash);
        }

        _times[header.Hash] = header.Time;
        if (_order.Count > Most)
        {
            _times.Remove(_order.Dequeue());
        }
    }

    /// <summary>The question for a random block whose time only logs say; none when there is no such block. One in each
    /// range is enough to recognise a wrong node.</summary>
    public RpcRequest[] Compare(IEnumerable<FoundLog> logs, Random random)
    {
        List<FoundLog> unknown = [.. logs.Where(log => log.Time is not null && !_times.ContainsKey(log.BlockHash))];
        return unknown.Count == 0 ? [] : [NodeQuestions.GetBlockByHash(unknown[random.Next(unknown.Count)].BlockHash)];
    }

    /// <summary>The fault in the times that logs say, in the order of the chain; null when none shows.</summary>
    public string? FindFault(IEnumerable<FoundLog> logs)
    {
        var before = default(UnixSeconds);
        foreach (var log in logs)
        {
            if (log.Time is not { } said)
            {
                continue;
            }

            if (_times.TryGetValue(log.BlockHash, out var right) && right != said)
            {
                return $"block {log.Block} is of {right}, not of {said}";
            }

            if (said < before)
            {
                return $"block {log.Block} can't be older than those before it";
            }

            before = said;
        }

        return null;
    }

    /// <summary>The times of the blocks of logs, each asked for once, as long as it is remembered.</summary>
    /// <exception cref="NodeReadException">The node does not know one of the blocks.</exception>
    public async Task<Dictionary<Bytes32, UnixSeconds>> ReadAsync(IEnumerable<FoundLog> logs)
    {
        var blocks = logs.Select(log => log.BlockHash).ToHashSet();
        var times = blocks.Where(_times.ContainsKey).ToDictionary(hash => hash, hash => _times[hash]);
        blocks.ExceptWith(times.Keys);
        List<Bytes32> unknown = [.. blocks];
        var replies = unknown.Count == 0
            ? []
            : await node.AskAsync([.. unknown.Select(NodeQuestions.GetBlockByHash)]).ConfigureAwait(false);
        foreach (var (hash, reply) in unknown.Zip(replies))
        {
            if (NodeReader.HeaderIn(reply) is not { } header || header.Hash != hash)
            {
                throw new NodeReadException($"The node gave a log of block {hash}, and does not know that block.");
            }

            Note(header);
            times[hash] = header.Time;
        }

        return times;
    }
}
