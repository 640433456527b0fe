namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Tells the past by ranges: from the first block that matters, or that the node has, up to a final or deep
/// one. Blocks that the node has no more are skipped, and told to be missing. Lives on the scheduler.</summary>
internal sealed class PastReader(
    NodeReader node,
    LogReader logs,
    ChainFollower follower,
    SecondLook secondLook,
    HeadReader heads,
    FinalBlocks finals,
    MarketIntakeOptions options,
    IntakeStatus status,
    IntakeListener listener,
    IScheduler scheduler,
    CancellationToken cancellation)
{
    private const double SecondsPerDay = 86_400;

    private ulong _first;
    private ulong _settled;
    private long _events;

    private CanonicalChain Chain => follower.Chain;

    // The genesis block has no parent to begin on.
    private ulong Next => Chain is { Kept.Count: 1, Tip.Number: 0 } ? _first : Chain.Tip.Number + 1;

    /// <summary>Finds the first block, and begins the chain with its parent, which can't be taken back.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task FindFirstAsync()
    {
        var head = await heads.ReadAsync().ConfigureAwait(false);
        var floor = await heads.ReadFloorAsync(head).ConfigureAwait(false);
        var since = SinceOf(head);
        var (first, isIncomplete) = await new FirstBlock(node, floor, since).FindAsync().ConfigureAwait(false);
        if (isIncomplete)
        {
            status.Miss(missing => missing.Before(
                $"The node has nothing of what was before block {first.Number}: requests of the "
                + $"{first.Time.SecondsSince(since) / SecondsPerDay:0.#} days before it are not known."));
        }

        _first = first.Number;
        Chain.Push(new CanonicalBlock(
            first.Number == 0 ? first.Stamp : new BlockStamp(first.Number - 1, first.Time) { Hash = first.Parent },
            []));
    }

    /// <summary>Tells all from the last told block up to a final or deep one.</summary>
    /// <exception cref="NodeReadException">The node can't be read; the next call goes on from here.</exception>
    public async Task ReadAsync(ChainHeader head)
    {
        await VerifyTipAsync().ConfigureAwait(false);
        var floor = await heads.ReadFloorAsync(head).ConfigureAwait(false);
        var next = Next;
        if (next > floor.Number)
        {
            return;
        }

        listener.Reached(head.Stamp);
        try
        {
            await ReadRangesAsync(next, floor).ConfigureAwait(false);
        }
        catch (NodeReadException trouble) when (trouble.IsGone)
        {
            await SkipGoneAsync(floor, SinceOf(head)).ConfigureAwait(false);
            throw;
        }

        await follower.VerifyAsync(next).ConfigureAwait(false);
        secondLook.Owe(floor.Stamp);
    }

    /// <summary>Notes that all is told up to a block: its final part stays.</summary>
    public void Settle(ulong tip) =>
        _settled = Math.Max(SettledBelow(tip + 1), Math.Min(tip, finals.Newest?.Number ?? 0));

    // Reads several ranges at once, no more than may be in flight, and takes their events in order. Ranges that were
    // read ahead are given up when one can't be taken.
    private async Task ReadRangesAsync(ulong next, ChainHeader floor)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var end = Disposable.Create(reading.Cancel);
        Queue<Task<BlockRange>> ranges = [];
        while (ranges.Count > 0 || next <= floor.Number)
        {
            while (ranges.Count < options.RangesInFlight && next <= floor.Number)
            {
                var last = Math.Min(floor.Number, next + logs.BlocksPerRange - 1);
                ranges.Enqueue(logs.ReadRangeAsync(next, last, reading.Token));
                next = last + 1;
            }

            await TakeAsync(await ranges.Dequeue().ConfigureAwait(false), floor).ConfigureAwait(false);
        }
    }

    private UnixSeconds SinceOf(ChainHeader head) =>
        new(head.Time.Value - Math.Min(head.Time.Value, (ulong)options.LookBack.TotalSeconds));

    // The last told block may have been replaced since.
    private async Task VerifyTipAsync()
    {
        var replies = await node
            .AskAsync(NodeQuestions.GetBlock(Chain.Tip.Number), NodeQuestions.GetBlock(Chain.Tip.Number + 1))
            .ConfigureAwait(false);
        if (NodeReader.HeaderIfKept(replies[0]) is { } current)
        {
            if (!Chain.Has(current.Number, current.Hash))
            {
                await follower.SwitchToAsync(current).ConfigureAwait(false);
            }
        }
        else if (NodeReader.HeaderIfKept(replies[1]) is { } child && child.Parent != Chain.Tip.Hash
            && await node.IsGoneAsync(Chain.Tip.Number).ConfigureAwait(false))
        {
            // Nobody knows any more which block replaced it, and what had happened there.
            status.Miss(missing => missing.Add(Chain.Lowest.Number + 1, Chain.Tip.Number));
            var tip = Chain.Pop();
            Chain.Push(tip with { Stamp = tip.Stamp with { Hash = child.Parent } });
        }
    }

    // The end of the told blocks that were final by then. A chain that replaced final blocks may have replaced any.
    private ulong SettledBelow(ulong number) => Math.Max(Chain.Lowest.Number, _settled < number ? _settled : 0);

    // A node may drop old blocks while they are read. Those below may have been replaced by then.
    private async Task SkipGoneAsync(ChainHeader floor, UnixSeconds since)
    {
        var next = Next;
        var (first, isIncomplete) = await new FirstBlock(node, floor, since).FindAsync().ConfigureAwait(false);
        if (first.Number > next)
        {
            if (isIncomplete)
            {
                status.Miss(missing => missing.Add(Math.Min(next, SettledBelow(next) + 1), first.Number - 1));
            }

            secondLook.Saw(Chain.Tip.Number, first.Number - 1);
            Chain.Push(new CanonicalBlock(new BlockStamp(first.Number - 1, first.Time) { Hash = first.Parent }, []));
        }
    }

    private async Task TakeAsync(BlockRange range, ChainHeader floor)
    {
        var (events, first, last) = range;
        if (last.Number == floor.Number && last.Hash != floor.Hash)
        {
            throw new NodeReadException($"Block {floor.Number} was replaced while what is below it was read.");
        }

        if (first.Number > Chain.Tip.Number && first.Parent != Chain.Tip.Hash)
        {
            throw LogReader.Replaced(Chain.Tip.Number);
        }

        secondLook.Saw(Chain.Tip.Number, last.Number);
        _settled = Math.Max(SettledBelow(first.Number), last.Number);
        var told = 0;
        foreach (var end in await ReadAnchorsAsync(last, floor.Number).ConfigureAwait(false))
        {
            List<MarketEvent> part = [.. events.Skip(told).TakeWhile(happened => happened.Block.Number <= end.Number)];
            follower.Tell(new CanonicalBlock(end, part));
            finals.Reach(end);
            told += part.Count;
        }

        _events += events.Count;
        status.Progress(new IntakeProgress(_first, floor.Number, last.Number + 1, _events));

        // Gives subscribers on the same scheduler their turn before the next events come.
        await scheduler.Yield(cancellation).ConfigureAwait(false);
    }

    // The blocks to which a reorganisation can go back.
    private async Task<IEnumerable<BlockStamp>> ReadAnchorsAsync(ChainHeader last, ulong floor)
    {
        List<RpcRequest> anchors = [];
        var lowest = Math.Max(Chain.Tip.Number, floor - Math.Min(floor, CanonicalChain.Depth));
        for (var number = lowest + CanonicalChain.Spacing; number < last.Number; number += CanonicalChain.Spacing)
        {
            anchors.Add(NodeQuestions.GetBlock(number));
        }

        var replies = anchors.Count == 0 ? [] : await node.AskAsync(anchors).ConfigureAwait(false);
        var headers = replies.Select(NodeReader.HeaderIfKept).OfType<ChainHeader>().Append(last);
        return [.. headers.Select(header => header.Stamp)];
    }
}
