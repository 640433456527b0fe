using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using CodexSales.Rx.Domain;
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
    private const ulong FarBehind = OwnChain.Newest / 4;

    // So deep ranges are read as long as nothing is known to be final.
    private const ulong DeepestFloor = OwnChain.Newest / 2;

    private const double SecondsPerDay = 86_400;

    private static readonly TimeSpan _patienceAtStart = TimeSpan.FromSeconds(20);

    private readonly NodeReader _node = new(link, decoder.Marketplace, options, scheduler, cancellation);
    private readonly FinalBlocks _finals = new(options, listener, scheduler);
    private LogReader _logs = null!;
    private ChainFollower _follower = null!;
    private SecondLook _secondLook = null!;
    private ChainAnchors _anchors = null!;
    private FinalAgreement _agreement = null!;
    private ulong _first;
    private ulong _settled;
    private long _events;
    private ChainHeader? _said;
    private BlockStamp? _told;

    private OwnChain Chain => _follower.Chain;

    // Below the first block of the chain there is none to begin on.
    private ulong Next => Chain is { Kept.Count: 1, Tip.Number: 0 } ? _first : Chain.Tip.Number + 1;

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="ChainUntrustedException">What was told can't be made good.</exception>
    public async Task RunAsync()
    {
        status.Advance();
        _logs = new LogReader(link, _node, decoder, options, scheduler, status);
        _follower = new ChainFollower(
            _node, _logs, _finals, new ShorterBranch(status, options, scheduler), status, listener);
        _secondLook = new SecondLook(_node, _logs, _follower, _finals, status, scheduler);
        _anchors = new ChainAnchors(cursors, _node, options, status, scheduler, cancellation);
        _agreement = new FinalAgreement(link, status, scheduler, cancellation);
        await _anchors.LoadAsync().ConfigureAwait(false);
        await InsistAsync(BeginAsync).ConfigureAwait(false);
        await WithHeadsAsync(() => InsistAsync(FindFirstAsync)).ConfigureAwait(false);
        while (true)
        {
            await InsistAsync(CatchUpAsync).ConfigureAwait(false);
            await _secondLook.BeginAsync().ConfigureAwait(false);
            _agreement.Begin(_finals.Newest);
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
                await SufferAsync(trouble, backOff).ConfigureAwait(false);
            }
            catch (ReplacedChainException replaced)
            {
                var sentence = $"Block {replaced.Oldest.Number} is not {replaced.Oldest.Hash} any more, the oldest one by "
                    + "which the chain is known: a reorganisation that is too deep to take back, or another chain";

                // One back end may be on another branch, or of another network; all of them for long are not. Who only
                // begins hosts nothing yet, and need not wait for a suspicion.
                if (status.Standstill >= (Chain.IsEmpty ? _patienceAtStart : 2 * options.StallAfter))
                {
                    throw new ChainUntrustedException(
                        $"{sentence}. To go on with this chain as it is now, begin once with --forget-blocks: sales are kept.");
                }

                await SufferAsync(new NodeTroubleException($"{sentence}."), backOff).ConfigureAwait(false);
            }
        }
    }

    private async Task SufferAsync(NodeTroubleException trouble, BackOff backOff)
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

    private async Task SleepAsync(TimeSpan span) => await scheduler.Sleep(span, cancellation).ConfigureAwait(false);

    private async Task BeginAsync()
    {
        var head = await ReadHeadAsync().ConfigureAwait(false);
        await _anchors.RecogniseAsync(head).ConfigureAwait(false);
        listener.Reached(head.Stamp);
    }

    // Below the first block there is one that can't be taken back.
    private async Task FindFirstAsync()
    {
        var head = await ReadHeadAsync().ConfigureAwait(false);
        var floor = await ReadFloorAsync(head).ConfigureAwait(false);
        var since = SinceOf(head);
        var (first, isIncomplete) = await FirstBlock.FindAsync(_node, floor, since).ConfigureAwait(false);
        if (isIncomplete)
        {
            status.Miss(missing => missing.Before(
                $"The node has nothing of what was before block {first.Number}: requests of the "
                + $"{first.Time.SecondsSince(since) / SecondsPerDay:0.#} days before it are not known."));
        }

        _first = first.Number;
        Chain.Push(new OwnBlock(
            first.Number == 0
                ? first.Stamp
                : new BlockStamp(first.Number - 1, first.Time) { Hash = first.Parent },
            []));
    }

    private UnixSeconds SinceOf(ChainHeader head) =>
        new(head.Time.Value - Math.Min(head.Time.Value, (ulong)options.LookBack.TotalSeconds));

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
            && (Chain.Find(final.Number) is not { } own || own.Hash == final.Hash)
            ? final
            : null;

    // A block below which ranges are read: one that is final, or deep.
    private async Task<ChainHeader> ReadFloorAsync(ChainHeader head) =>
        _said is { } final && final.Number + DeepestFloor >= head.Number
            ? final
            : await _node
                .ReadBelowAsync(head.Number - Math.Min(head.Number, Math.Min(DeepestFloor, (ulong)options.FinalDepth)))
                .ConfigureAwait(false);

    private async Task CatchUpAsync()
    {
        ChainHeader head;
        do
        {
            head = await ReadHeadAsync().ConfigureAwait(false);
            ThrowIfStalled(head);
            if (head.Number > Chain.Tip.Number && head.Number - Chain.Tip.Number > FarBehind || _told is null)
            {
                await WithHeadsAsync(() => ReadHistoryAsync(head)).ConfigureAwait(false);
                head = await ReadHeadAsync().ConfigureAwait(false);
            }
        }
        while (!await FollowAsync(head).ConfigureAwait(false));

        var tip = Chain.Tip.Stamp;
        _finals.Reach(tip);
        _settled = Math.Max(SettledBelow(tip.Number + 1), Math.Min(tip.Number, _finals.Newest?.Number ?? 0));
        if (tip == head.Stamp && tip != _told)
        {
            _told = tip;
            listener.Completed(tip);
        }

        status.Tell(tip);
        await _anchors.SaveAsync(_finals.Newest, Chain).ConfigureAwait(false);
    }

    private async Task<bool> FollowAsync(ChainHeader head)
    {
        try
        {
            return await _follower.FollowAsync(head).ConfigureAwait(false);
        }
        catch (NodeTroubleException trouble) when (trouble.IsGone)
        {
            // What the node has no more is skipped there; what a back end has not yet is asked for again.
            await ReadHistoryAsync(head).ConfigureAwait(false);
            throw;
        }
    }

    private async Task ReadHistoryAsync(ChainHeader head)
    {
        await VerifyTipAsync().ConfigureAwait(false);
        var floor = await ReadFloorAsync(head).ConfigureAwait(false);
        var next = Next;
        if (next > floor.Number)
        {
            return;
        }

        listener.Reached(head.Stamp);
        try
        {
            await new HistoryReader(_logs, options.RangesInFlight, cancellation)
                .ReadAsync(next, floor.Number, range => TakeAsync(range, floor))
                .ConfigureAwait(false);
        }
        catch (NodeTroubleException trouble) when (trouble.IsGone)
        {
            await SkipGoneAsync(floor, SinceOf(head)).ConfigureAwait(false);
            throw;
        }

        await _follower.VerifyAsync(next).ConfigureAwait(false);
        _secondLook.Owe(floor.Stamp);
    }

    // What was told last may have been replaced since.
    private async Task VerifyTipAsync()
    {
        var replies = await _node
            .AskAsync(NodeReader.BlockAt(Chain.Tip.Number), NodeReader.BlockAt(Chain.Tip.Number + 1))
            .ConfigureAwait(false);
        if (NodeReader.HeaderIfKept(replies[0]) is { } current)
        {
            if (!Chain.Has(current.Number, current.Hash))
            {
                await _follower.SwitchToAsync(current).ConfigureAwait(false);
            }
        }
        else if (NodeReader.HeaderIfKept(replies[1]) is { } child && child.Parent != Chain.Tip.Hash
            && await _node.IsGoneAsync(Chain.Tip.Number).ConfigureAwait(false))
        {
            // By which other block, and what had happened in it, nobody knows any more.
            status.Miss(missing => missing.Add(Chain.Lowest.Number + 1, Chain.Tip.Number));
            var tip = Chain.Pop();
            Chain.Push(tip with { Stamp = tip.Stamp with { Hash = child.Parent } });
        }
    }

    // Up to where what was told was final by then. A chain that took back such blocks may have taken back any.
    private ulong SettledBelow(ulong number) => Math.Max(Chain.Lowest.Number, _settled < number ? _settled : 0);

    // A node may drop old blocks while they are read. What was told of blocks below may have been replaced then.
    private async Task SkipGoneAsync(ChainHeader floor, UnixSeconds since)
    {
        var next = Next;
        var (first, isIncomplete) = await FirstBlock.FindAsync(_node, floor, since).ConfigureAwait(false);
        if (first.Number > next)
        {
            if (isIncomplete)
            {
                status.Miss(missing => missing.Add(Math.Min(next, SettledBelow(next) + 1), first.Number - 1));
            }

            _secondLook.Saw(Chain.Tip.Number, first.Number - 1);
            Chain.Push(new OwnBlock(new BlockStamp(first.Number - 1, first.Time) { Hash = first.Parent }, []));
        }
    }

    private async Task WithHeadsAsync(Func<Task> meanwhile)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchHeadsAsync(reading.Token);
        try
        {
            await meanwhile().ConfigureAwait(false);
        }
        finally
        {
            using (Disposable.Create(reading.Cancel))
            {
            }

            await watching.ConfigureAwait(false);
        }
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

    private async Task TakeAsync(BlockRange range, ChainHeader floor)
    {
        var (events, first, last) = range;
        if (last.Number == floor.Number && last.Hash != floor.Hash)
        {
            throw new NodeTroubleException($"Block {floor.Number} was replaced while what is below it was read.");
        }

        if (first.Number > Chain.Tip.Number && first.Parent != Chain.Tip.Hash)
        {
            throw LogReader.Replaced(Chain.Tip.Number);
        }

        _secondLook.Saw(Chain.Tip.Number, last.Number);
        _settled = Math.Max(SettledBelow(first.Number), last.Number);
        var told = 0;
        foreach (var end in await ReadAnchorsAsync(last, floor.Number).ConfigureAwait(false))
        {
            List<MarketEvent> part = [.. events.Skip(told).TakeWhile(happened => happened.Block.Number <= end.Number)];
            _follower.Tell(new OwnBlock(end, part));
            _finals.Reach(end);
            told += part.Count;
        }

        _events += events.Count;
        status.Progress(new IntakeProgress(_first, floor.Number, last.Number + 1, _events));

        // Whoever takes the events on the same scheduler has its turn before the next ones come.
        await scheduler.Yield(cancellation).ConfigureAwait(false);
    }

    // A reorganisation is taken back to one of them.
    private async Task<IEnumerable<BlockStamp>> ReadAnchorsAsync(ChainHeader last, ulong floor)
    {
        List<RpcRequest> anchors = [];
        var lowest = Math.Max(Chain.Tip.Number, floor - Math.Min(floor, OwnChain.Depth));
        for (var number = lowest + OwnChain.Spacing; number < last.Number; number += OwnChain.Spacing)
        {
            anchors.Add(NodeReader.BlockAt(number));
        }

        var replies = anchors.Count == 0 ? [] : await _node.AskAsync(anchors).ConfigureAwait(false);
        return [.. replies.Select(NodeReader.HeaderIfKept).OfType<ChainHeader>().Append(last).Select(header => header.Stamp)];
    }

    private void ThrowIfStalled(ChainHeader head)
    {
        if ((status.Standstill >= options.StallAfter || (status.IsUseless && head.Number < Chain.Tip.Number))
            && Chain.Has(head.Number, head.Hash))
        {
            throw new NodeTroubleException($"There was no new block for {status.Standstill.TotalSeconds:0} s.")
            {
                IsAnswered = false,
            };
        }
    }
}
