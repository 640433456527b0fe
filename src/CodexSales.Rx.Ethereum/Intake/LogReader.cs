using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The events of a range, and its first and last block.</summary>
internal sealed record BlockRange(List<MarketEvent> Events, ChainHeader First, ChainHeader Last);

/// <summary>Reads the events of blocks: by their hash near the tip, by ranges of heights further back.</summary>
internal sealed class LogReader(
    IRpcLink link,
    NodeReader node,
    MarketplaceLogDecoder decoder,
    MarketIntakeOptions options,
    IScheduler scheduler,
    IntakeStatus status)
{
    // A block without the logs that its bloom filter shows is read again so many times.
    private const int MostDoubts = 3;

    private readonly LogsBloom _bloom = new(decoder.Marketplace, NodeReader.TopicsOf(options));
    private readonly BlockTimes _times = new(node);
    private (Bytes32 Block, int Times) _doubt;
    private Learnt _learnt = new(-1, new LogRangeSizer(1));

    // Learnt for one connection: the next one may lead to another back end.
    private Learnt Known => _learnt.Connection == link.State.Connections
        ? _learnt
        : _learnt = new Learnt(link.State.Connections, new LogRangeSizer((ulong)options.MaxBlocksPerRange));

    /// <summary>The number of blocks of the next range.</summary>
    public ulong BlocksPerRange => Known.Limit.Blocks;

    /// <summary>Whether the bloom filters of the node's blocks turned out to be wrong.</summary>
    public bool DistrustsBlooms => Known.HasWrongBlooms;

    /// <summary>The events of each block, in order, as far as they can be read: at least those of the first one. Asks
    /// for the block with them, so that a node without it is noticed.</summary>
    /// <exception cref="NodeReadException">Not even the first block can be read.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<MarketEvent>>> ReadBlocksAsync(IReadOnlyList<ChainHeader> headers)
    {
        List<ChainHeader> asked = [.. headers.Where(MayHaveLogs)];
        RpcRequest[] questions = [.. asked.SelectMany(header => EventsOf(header.Hash))];
        var replies = questions.Length == 0 ? [] : await node.AskAsync(questions).ConfigureAwait(false);
        var (events, next) = (new List<IReadOnlyList<MarketEvent>>(), 0);
        foreach (var header in headers)
        {
            try
            {
                if (!asked.Contains(header))
                {
                    events.Add([]);
                    continue;
                }

                events.Add(Read(header, replies[next], replies[next + 1]));
                next += 2;
            }
            catch (NodeReadException) when (events.Count > 0)
            {
                // It is asked for again, as the first one, and then the exception is thrown.
                break;
            }
        }

        return events;
    }

    /// <summary>The events of a block, whatever its bloom filter says. A wrong filter is not believed again.</summary>
    /// <exception cref="NodeReadException">The block can't be read.</exception>
    public async Task<IReadOnlyList<MarketEvent>> ReadBlockAsync(Bytes32 hash)
    {
        var replies = await node.AskAsync(EventsOf(hash)).ConfigureAwait(false);
        var header = NodeReader.HeaderIn(replies[0])
            ?? throw new NodeReadException($"The node does not know block {hash}.");
        var events = Read(header with { Bloom = default }, replies[0], replies[1]);
        if (events.Count > 0 && !_bloom.MayMatch(header.Bloom.Span))
        {
            DistrustBlooms($"block {header.Number} has logs that its filter excludes");
        }

        return events;
    }

    /// <summary>The events of a range of blocks. Asks in parts and again for as long as it takes, and each part until
    /// the same logs came twice, and no others.</summary>
    /// <exception cref="NodeReadException">The node has the range no more, or blocks of it were replaced.</exception>
    public async Task<BlockRange> ReadRangeAsync(ulong from, ulong to, CancellationToken cancellationToken)
    {
        List<MarketEvent> events = [];
        var (first, last) = await ReadPartAsync(from, to, null, events, cancellationToken).ConfigureAwait(false);
        while (last.Number < to)
        {
            (_, last) = await ReadPartAsync(last.Number + 1, to, last, events, cancellationToken).ConfigureAwait(false);
        }

        return new BlockRange(events, first, last);
    }

    private async Task<(ChainHeader First, ChainHeader Last)> ReadPartAsync(
        ulong from, ulong to, ChainHeader? before, List<MarketEvent> events, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(options.LongestBackOff, TimeSpan.Zero, status.Random);
        var (reading, end, first) = (new RepeatedReading(), to, default(ChainHeader));
        while (true)
        {
            try
            {
                end = reading.IsEmpty ? Math.Min(to, from + BlocksPerRange - 1) : end;
                if (await TryReadPartAsync(from, end, reading.IsEmpty, reading.Logs).ConfigureAwait(false)
                    is not { } part || reading.IsReplaced(part.Last.Hash))
                {
                    // With its first block, too: that one was of the other branch.
                    reading = new RepeatedReading();
                    continue;
                }

                first = part.First ?? first;
                if (before is not null && first!.Parent != before.Hash)
                {
                    throw Replaced(before.Number);
                }

                if (reading.Add(part.Logs, part.Last.Hash))
                {
                    await DecodeAsync(reading.Logs, part.Last, events).ConfigureAwait(false);
                    status.Solved();
                    if (reading.Differs)
                    {
                        status.Notice($"The node left out logs of the blocks {from} to {end}; they were read again.");
                    }

                    return (first!, part.Last);
                }
            }
            catch (NodeReadException trouble) when (!trouble.IsGone && !trouble.IsReplaced)
            {
                status.ReportProblem(trouble.Message);
                var wait = backOff.Next(TimeSpan.Zero);
                await scheduler.Sleep(wait > trouble.RetryAfter ? wait : trouble.RetryAfter, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>The events of a range as the node gives them now, and its last block.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<(List<MarketEvent> Events, ChainHeader Last)> ReadOnceAsync(ulong from, ulong to)
    {
        List<MarketEvent> events = [];
        while (true)
        {
            var end = Math.Min(to, from + BlocksPerRange - 1);
            if (await TryReadPartAsync(from, end, isFirst: true, []).ConfigureAwait(false) is { } part)
            {
                await DecodeAsync(part.Logs, part.Last, events).ConfigureAwait(false);
                if (end == to)
                {
                    return (events, part.Last);
                }

                from = end + 1;
            }
        }
    }

    /// <summary>The error of a row of blocks that does not hang together with the one below it.</summary>
    public static NodeReadException Replaced(ulong number) =>
        new($"Block {number} was replaced while what is above it was read.") { IsReplaced = true };

    private RpcRequest[] EventsOf(Bytes32 hash) => [NodeQuestions.GetBlockByHash(hash), node.LogsOf(hash)];

    private bool MayHaveLogs(ChainHeader header) => DistrustsBlooms || _bloom.MayMatch(header.Bloom.Span);

    private void DistrustBlooms(string why)
    {
        if (!DistrustsBlooms)
        {
            Known.HasWrongBlooms = true;
            status.Notice(
                $"The bloom filters of {link.State.Endpoint} can't be right, {why}: each block is asked for its logs.");
        }
    }

    // Null when the node wants to be asked for less at once. A node may give no logs of blocks that it has dropped: so
    // it has to have the first one, too. A repeated reading asks for a header to compare times with.
    private async Task<(List<FoundLog> Logs, ChainHeader? First, ChainHeader Last)?> TryReadPartAsync(
        ulong from, ulong to, bool isFirst, List<FoundLog> before)
    {
        var limit = Known.Limit;
        var replies = await node
            .AskAsync([
                node.LogsIn(from, to),
                NodeQuestions.GetBlock(to),
                .. isFirst ? [NodeQuestions.GetBlock(from)] : _times.Compare(before, status.Random),
            ])
            .ConfigureAwait(false);
        if (replies[0] is not RpcResult result)
        {
            limit.Refused(replies[0], from, to);
            return null;
        }

        var last = NodeReader.HeaderIfKept(replies[1]);
        if (last?.Number != to)
        {
            throw new NodeReadException($"The node does not know block {to} yet, or has dropped it.")
            {
                IsGone = last is null && await node.IsGoneAsync(to).ConfigureAwait(false),
            };
        }

        var begin = isFirst ? NodeReader.HeaderIfKept(replies[2]) : null;
        if (isFirst && begin is null)
        {
            throw new NodeReadException($"The node does not know block {from}, or has dropped it.") { IsGone = true };
        }

        var compared = replies.Skip(isFirst ? 3 : 2).OfType<RpcResult>().Select(NodeReader.HeaderIn);
        foreach (var header in compared.OfType<ChainHeader>())
        {
            _times.Note(header);
        }

        var logs = FoundLog.ReadAll(result.Json);
        if (logs.Exists(log => log.Block < from || log.Block > to))
        {
            throw new NodeReadException($"The node gave logs outside of the blocks {from} to {to}.");
        }

        limit.Answered(to - from + 1);
        return (logs, begin, last);
    }

    // A log's time after that of the last block must be wrong.
    private async Task DecodeAsync(List<FoundLog> logs, ChainHeader last, List<MarketEvent> events)
    {
        var times = await _times
            .ReadAsync(logs.Where(log => Known.HasWrongTimes || log.Time is null || log.Time > last.Time))
            .ConfigureAwait(false);
        if (!Known.HasWrongTimes && _times.FindFault(logs) is { } fault)
        {
            Known.HasWrongTimes = true;
            status.Notice(
                $"The timestamps in logs of {link.State.Endpoint} are wrong, {fault}: each block is asked for its "
                + "own.");
            times = await _times.ReadAsync(logs).ConfigureAwait(false);
        }

        foreach (var log in logs)
        {
            Decode(log, times.TryGetValue(log.BlockHash, out var time) ? time : log.Time!.Value, events);
        }
    }

    private List<MarketEvent> Read(ChainHeader header, RpcReply block, RpcReply answer)
    {
        if (NodeReader.HeaderIn(block)?.Hash != header.Hash)
        {
            throw new NodeReadException($"The node does not know block {header.Number} by its hash.");
        }

        var logs = FoundLog.ReadAll(NodeReader.ResultIn(answer).Json);
        if (logs.Exists(log => log.BlockHash != header.Hash || log.Block != header.Number))
        {
            throw new NodeReadException($"The node gave logs of another block for block {header.Number}.");
        }

        if (logs.Count == 0 && !DistrustsBlooms && LogsBloom.IsTelling(header.Bloom.Span))
        {
            Doubt(header);
        }

        if (logs.Count > 0)
        {
            _times.Note(header);
        }

        List<MarketEvent> events = new(logs.Count);
        logs.ForEach(log => Decode(log, header.Time, events));
        return events;
    }

    // A match may be chance, or the filter wrong: a node that repeats its answer is believed, its filters are not.
    private void Doubt(ChainHeader header)
    {
        _doubt = (header.Hash, _doubt.Block == header.Hash ? _doubt.Times + 1 : 1);
        if (_doubt.Times <= MostDoubts)
        {
            throw new NodeReadException(
                $"The node gave no logs for block {header.Number}, which should have some by its bloom filter.");
        }

        DistrustBlooms($"block {header.Number} has none of the logs that its filter shows");
    }

    private void Decode(FoundLog found, UnixSeconds time, List<MarketEvent> events)
    {
        LogEntry.TryRead(found.Json.Span, out var log, out _);
        var decoded = decoder.Decode(in log, time);
        if (decoded.TryGetEvent(out var happened))
        {
            events.Add(happened);
        }
        else if (decoded.Reason is { } reason)
        {
            status.CountUndecodable(reason);
        }
    }

    private sealed record Learnt(long Connection, LogRangeSizer Limit)
    {
        public bool HasWrongBlooms { get; set; }

        public bool HasWrongTimes { get; set; }
    }
}
