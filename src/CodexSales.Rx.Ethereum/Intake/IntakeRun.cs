using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// One reading of the market's events, from far enough back to the tip and on. What comes is decided by the last block
/// that was told alone: heads and timers only make it look.
/// </summary>
/// <remarks>Lives on the scheduler.</remarks>
internal sealed class IntakeRun(
    IRpcLink link,
    MarketplaceLogDecoder decoder,
    MarketIntakeOptions options,
    ICursorStore? cursors,
    IScheduler scheduler,
    IntakeStatus status,
    IIntakeListener listener,
    WakeSignal wake,
    CancellationToken cancellation)
{
    // A gap to the tip from which on ranges are read rather than blocks.
    private const ulong FarBehind = OwnChain.Capacity / 4;
    private const ulong BlocksPerSave = 32;

    private readonly NodeReader _node = new(link, decoder.Marketplace, options, scheduler, cancellation);
    private readonly FinalBlocks _finals = new(options, listener, scheduler);
    private LogReader _logs = null!;
    private ChainFollower _follower = null!;
    private ulong _first;
    private ulong _next;
    private long _events;
    private ChainHeader? _said;
    private ulong? _saved;
    private BlockStamp? _told;

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="ChainUntrustedException">What was told can't be made good.</exception>
    public async Task RunAsync()
    {
        status.Advance();
        _logs = new LogReader(link, _node, decoder, options, scheduler, status);
        _follower = new ChainFollower(_node, _logs, listener);
        var cursor = cursors is null ? null : await LoadAsync(cursors).ConfigureAwait(false);
        await InsistAsync(() => BeginAsync(cursor)).ConfigureAwait(false);
        while (true)
        {
            await InsistAsync(CatchUpAsync).ConfigureAwait(false);
            await wake.WaitAsync(options.PollInterval, cancellation).ConfigureAwait(false);
        }
    }

    private async Task InsistAsync(Func<Task> step)
    {
        var backOff = new BackOff(options.LongestBackOff, TimeSpan.Zero, status.Random);
        while (true)
        {
            try
            {
                await step().ConfigureAwait(false);
                status.Solved();
                return;
            }
            catch (NodeTroubleException trouble)
            {
                status.Suffer(trouble.Message);
                var wait = backOff.Next(TimeSpan.Zero);
                if (trouble.IsAnswered && wait > options.PollInterval)
                {
                    wait = options.PollInterval; // That is how often it is asked anyway.
                }

                await (trouble.RetryAfter > TimeSpan.Zero
                    ? SleepAsync(wait > trouble.RetryAfter ? wait : trouble.RetryAfter)
                    : wake.WaitAsync(wait, cancellation)).ConfigureAwait(false);
            }
        }
    }

    private async Task SleepAsync(TimeSpan span) => await scheduler.Sleep(span, cancellation).ConfigureAwait(false);

    private async Task<BlockCursor?> LoadAsync(ICursorStore store)
    {
        var cursor = await store.LoadAsync(cancellation).ConfigureAwait(false);
        await scheduler.Yield(cancellation).ConfigureAwait(false);
        return cursor;
    }

    private async Task BeginAsync(BlockCursor? cursor)
    {
        var head = await ReadHeadAsync().ConfigureAwait(false);
        if (cursor is { } last)
        {
            await RecogniseAsync(last, head).ConfigureAwait(false);
        }

        var floor = await ReadFloorAsync(head).ConfigureAwait(false);
        var lookBack = (ulong)options.LookBack.TotalSeconds;
        var since = head.Time.Value - Math.Min(head.Time.Value, lookBack);
        _first = _next = await FindFirstAsync(new Domain.UnixSeconds(since), floor.Number).ConfigureAwait(false);
        listener.Reached(head.Stamp);
    }

    // A host that knows more than the node does not go back to what the node knows.
    private async Task RecogniseAsync(BlockCursor last, ChainHeader head)
    {
        if (head.Number < last.Number)
        {
            throw new NodeTroubleException(
                $"The node is at block {head.Number}, behind block {last.Number}, which this host knew already.");
        }

        var block = await _node.ReadBlockAsync(NodeReader.BlockAt(last.Number)).ConfigureAwait(false)
            ?? throw new NodeTroubleException($"The node does not know block {last.Number}.");
        if (block.Hash != last.Hash)
        {
            throw new ChainUntrustedException(
                $"Block {last.Number} is {block.Hash}; it was {last.Hash} when this host last ran: another chain, or "
                + "one that was begun anew.");
        }
    }

    // The newest block, and what the node calls final; not each node does.
    private async Task<ChainHeader> ReadHeadAsync()
    {
        var replies = await _node.AskAsync(NodeReader.BlockAt("latest"), NodeReader.BlockAt("finalized"))
            .ConfigureAwait(false);
        var head = NodeReader.HeaderIn(replies[0])
            ?? throw new NodeTroubleException("The node has no newest block.");
        status.SeeHead(head.Stamp);
        _said = FinalIn(replies[1], head);
        if (_said is { } final)
        {
            _finals.Say(final.Stamp);
        }

        return head;
    }

    // On chains that know no finality some nodes say that nothing is final but the first block. What is not of the chain
    // as it was told is another branch's.
    private ChainHeader? FinalIn(RpcReply reply, ChainHeader head) =>
        reply is RpcResult && NodeReader.HeaderIn(reply) is { Number: > 0 } final && final.Number <= head.Number
            && (_follower.Chain.IsEmpty || _follower.Chain.Find(final.Number) is not { } own || own.Hash == final.Hash)
            ? final
            : null;

    // A block that is final, but not so deep that the ring could not hold what is above.
    private async Task<ChainHeader> ReadFloorAsync(ChainHeader head)
    {
        var deepest = head.Number - Math.Min(head.Number, OwnChain.Capacity / 2);
        if (_said is { } known)
        {
            return known.Number >= deepest ? known : await ReadBelowAsync(deepest).ConfigureAwait(false);
        }

        var depth = (ulong)options.FinalDepth;
        while (true)
        {
            var block = await ReadBelowAsync(Math.Max(head.Number - Math.Min(head.Number, depth), deepest))
                .ConfigureAwait(false);
            if (block.Number == deepest || FinalBlocks.IsDeep(block.Stamp, head.Stamp, options))
            {
                return block;
            }

            // As many more as it should take, by how fast blocks come.
            var age = head.Time.Value - Math.Min(head.Time.Value, block.Time.Value);
            depth = Math.Max(depth + 1, (ulong)(depth * (options.FinalAge.TotalSeconds / Math.Max(1, age))) + 1);
        }
    }

    private async Task<ChainHeader> ReadBelowAsync(ulong number) =>
        await _node.ReadBlockAsync(NodeReader.BlockAt(number)).ConfigureAwait(false) is { } block
            && block.Number == number
            ? block
            : throw new NodeTroubleException(
                $"The node does not know block {number}, below its newest one: is it still catching up, or pruned?");

    // The first block that is not older, or the last one there is to choose from.
    private async Task<ulong> FindFirstAsync(Domain.UnixSeconds since, ulong last)
    {
        var (low, high) = (0UL, last);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var block = await ReadBelowAsync(middle).ConfigureAwait(false);
            (low, high) = block.Time < since ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private async Task CatchUpAsync()
    {
        var head = await ReadHeadAsync().ConfigureAwait(false);
        ThrowIfStalled(head);
        var chain = _follower.Chain;
        if (chain.IsEmpty || (head.Number > chain.Tip.Number && head.Number - chain.Tip.Number > FarBehind))
        {
            await ReadHistoryAsync(head).ConfigureAwait(false);
            head = await ReadHeadAsync().ConfigureAwait(false);
        }

        await _follower.FollowAsync(head).ConfigureAwait(false);
        var tip = _follower.Chain.Tip.Stamp;
        _finals.Reach(_follower.Chain);
        if (tip == head.Stamp && tip != _told)
        {
            _told = tip;
            listener.Completed(tip);
        }

        status.Tell(tip);
        await SaveAsync().ConfigureAwait(false);
    }

    private async Task ReadHistoryAsync(ChainHeader head)
    {
        var floor = await ReadFloorAsync(head).ConfigureAwait(false);
        if (!_follower.Chain.IsEmpty)
        {
            // What was told last may have been replaced since.
            var (number, hash) = (_follower.Chain.Tip.Number, _follower.Chain.Tip.Hash);
            var current = await ReadBelowAsync(number).ConfigureAwait(false);
            if (current.Hash != hash)
            {
                await _follower.SwitchToAsync(current).ConfigureAwait(false);
            }

            _next = _follower.Chain.Tip.Number + 1;
        }

        if (_next > floor.Number)
        {
            return;
        }

        listener.Reached(head.Stamp);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchHeadsAsync(reading.Token);
        try
        {
            await new HistoryReader(_logs, options.RangesInFlight, cancellation)
                .ReadAsync(_next, floor.Number, (events, last) => TakeAsync(events, last, floor)).ConfigureAwait(false);
        }
        finally
        {
            using (Disposable.Create(reading.Cancel))
            {
            }

            await watching.ConfigureAwait(false);
        }

        _follower.Begin(floor);
        _finals.Reach(_follower.Chain);
    }

    // The past may take minutes; what is hosted can't wait for it.
    private async Task WatchHeadsAsync(CancellationToken reading)
    {
        while (!reading.IsCancellationRequested)
        {
            try
            {
                await wake.WaitAsync(options.PollInterval, reading).ConfigureAwait(false);
                listener.Reached((await ReadHeadAsync().ConfigureAwait(false)).Stamp);
            }
            catch (NodeTroubleException)
            {
                // Whoever reads the past suffers from it, too, and tells.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task TakeAsync(List<MarketEvent> events, ChainHeader last, ChainHeader floor)
    {
        if (last.Number == floor.Number && last.Hash != floor.Hash)
        {
            throw new NodeTroubleException($"Block {floor.Number} was replaced, although it counts as final.");
        }

        events.ForEach(listener.Tell);
        _events += events.Count;
        _next = last.Number + 1;
        status.Progress(new IntakeProgress(_first, floor.Number, _next, _events));

        // Whoever takes the events on the same scheduler has its turn before the next ones come.
        await scheduler.Yield(cancellation).ConfigureAwait(false);
    }

    private void ThrowIfStalled(ChainHeader head)
    {
        if (status.Standstill >= options.StallAfter && _follower.Chain.Has(head.Number, head.Hash))
        {
            throw new NodeTroubleException($"There was no new block for {status.Standstill.TotalSeconds:0} s.")
            {
                IsAnswered = false,
            };
        }
    }

    private async Task SaveAsync()
    {
        if (cursors is null || _finals.Newest is not { } final || final.Number < _saved + BlocksPerSave)
        {
            return;
        }

        try
        {
            await cursors.SaveAsync(new BlockCursor(final.Number, final.Hash), cancellation).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new NodeTroubleException($"How far the events were read can't be saved: {failed.Message}");
        }

        _saved = final.Number;
        await scheduler.Yield(cancellation).ConfigureAwait(false);
    }
}
