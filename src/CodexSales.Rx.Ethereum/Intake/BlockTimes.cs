using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// The timestamps of blocks, as their headers say. What a log says of its block is compared with them where they are known.
/// </summary>
/// <remarks>Lives on the scheduler.</remarks>
internal sealed class BlockTimes(NodeReader node)
{
    // Of so many blocks the time is remembered: those that were read last.
    private const int Most = 10_000;

    private readonly Dictionary<Bytes32, UnixSeconds> _times = [];
    private readonly Queue<Bytes32> _order = [];

    /// <summary>Remembers what was read anyway.</summary>
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

    /// <summary>
    /// The question for a block whose time only logs say, any of them; none when there is none. One in each range is enough
    /// to know a node that is wrong.
    /// </summary>
    public RpcRequest[] Compare(IEnumerable<FoundLog> logs, Random random)
    {
        List<FoundLog> unknown = [.. logs.Where(log => log.Time is not null && !_times.ContainsKey(log.BlockHash))];
        return unknown.Count == 0 ? [] : [NodeReader.BlockOf(unknown[random.Next(unknown.Count)].BlockHash)];
    }

    /// <summary>What is wrong with the times that logs say, in the order of the chain; null when nothing shows.</summary>
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

    /// <summary>The times of the blocks of logs: each is asked for once, as long as it is remembered.</summary>
    /// <exception cref="NodeReadException">The node does not know one of the blocks.</exception>
    public async Task<Dictionary<Bytes32, UnixSeconds>> ReadAsync(IEnumerable<FoundLog> logs)
    {
        var blocks = logs.Select(log => log.BlockHash).ToHashSet();
        var times = blocks.Where(_times.ContainsKey).ToDictionary(hash => hash, hash => _times[hash]);
        blocks.ExceptWith(times.Keys);
        List<Bytes32> unknown = [.. blocks];
        var replies = unknown.Count == 0
            ? []
            : await node.AskAsync([.. unknown.Select(NodeReader.BlockOf)]).ConfigureAwait(false);
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
