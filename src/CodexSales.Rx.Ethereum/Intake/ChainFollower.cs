namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Follows the chain near its tip: each block is the child of the last one that still stands.</summary>
internal sealed class ChainFollower(
    NodeReader node,
    LogReader logs,
    FinalBlocks finals,
    ShorterBranch shorter,
    IntakeStatus status,
    IntakeListener listener)
{
    // Blocks that are asked for at once.
    private const int BlocksPerStep = 16;

    // The most parents that are asked for one by one; then a kept block that still stands is searched for.
    private const int MostParents = 64;

    // A head that takes back more blocks than that is believed only after a while.
    private const ulong ShortRollback = 64;

    private bool _wasShorter;
    private ulong _lowest = ulong.MaxValue;

    /// <summary>The blocks that were told.</summary>
    public CanonicalChain Chain { get; } = new();

    /// <summary>The lowest block that stayed in a reorganisation since the last call.</summary>
    public ulong TakeLowest()
    {
        var lowest = _lowest;
        _lowest = ulong.MaxValue;
        return lowest;
    }

    /// <summary>Tells blocks up to the node's newest one; false when it has to go on from far below.</summary>
    /// <exception cref="NodeReadException">The node can't be read; the next call goes on from here.</exception>
    /// <exception cref="ReplacedChainException">No block that was told is one of the chain any more.</exception>
    public async Task<bool> FollowAsync(ChainHeader head)
    {
        if (head.Number <= Chain.Tip.Number)
        {
            return await ConsiderAsync(head).ConfigureAwait(false);
        }

        _wasShorter = false;
        shorter.Forget();
        while (Chain.Tip.Number < head.Number)
        {
            var next = await ReadNextAsync(head).ConfigureAwait(false);
            if (next[0].Parent == Chain.Tip.Hash)
            {
                await TellAsync(next).ConfigureAwait(false);
            }
            else if (!await SwitchToAsync(next[0]).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reorganises to the branch of a block; false when that is too long to be told block by block.</summary>
    public async Task<bool> SwitchToAsync(ChainHeader block)
    {
        if (await ReadBranchAsync(block).ConfigureAwait(false) is not { } branch)
        {
            var (standing, isGone) = await FindStandingAsync(block.Number).ConfigureAwait(false);
            Rewind(standing, _ => block.Stamp);
            if (isGone)
            {
                // Nobody knows how much of the pruned past was replaced, too.
                status.Miss(missing => missing.Add(Chain.Lowest.Number + 1, standing));
            }

            return false;
        }

        Rewind(branch[0].Number - 1, number => (branch.Find(header => header.Number == number) ?? block).Stamp);
        foreach (var step in branch.Chunk(BlocksPerStep))
        {
            await TellAsync(step).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Makes sure that rows of blocks hang together: each was read by its height, and blocks may have been
    /// replaced in between. The first row that does not, and those above it, are taken back.</summary>
    /// <exception cref="NodeReadException">A row did not.</exception>
    public async Task VerifyAsync(ulong from)
    {
        List<CanonicalBlock> rows = [.. Chain.Kept.Where(block => block.Number >= from)];
        var replies = await node.AskAsync([.. rows.Select(row => NodeQuestions.GetBlock(row.Number))])
            .ConfigureAwait(false);
        foreach (var (row, reply) in rows.Zip(replies))
        {
            if (NodeReader.HeaderIfKept(reply) is { } block && block.Hash != row.Hash)
            {
                var above = Chain.Kept.TakeWhile(kept => kept.Number < row.Number).DefaultIfEmpty(Chain.Lowest).Last();
                Rewind(above.Number, _ => block.Stamp);
                throw new NodeReadException($"Block {row.Number} was replaced while what is above it was read.");
            }
        }
    }

    /// <summary>Takes blocks back, and tells them again with all their events (by height), where some were told
    /// wrongly. Nothing else happens in between.</summary>
    public void Correct(IReadOnlyDictionary<ulong, IReadOnlyList<MarketEvent>> events)
    {
        var first = events.Keys.Min();
        Stack<CanonicalBlock> above = [];
        while (Chain.Tip.Number >= first)
        {
            above.Push(TakeBack(happened => happened.Block));
        }

        foreach (var block in above)
        {
            Tell(block with
            {
                Events = [.. block.Events
                    .Where(happened => !events.ContainsKey(happened.Block.Number))
                    .Concat(events
                        .Where(corrected => corrected.Key <= block.Number && corrected.Key > Chain.Tip.Number)
                        .SelectMany(corrected => corrected.Value))
                    .OrderBy(happened => happened.Block.Number)],
            });
        }
    }

    /// <summary>Tells a block, or a row of blocks by its last one.</summary>
    public void Tell(CanonicalBlock block)
    {
        Chain.Push(block);
        foreach (var one in block.Events)
        {
            listener.Tell(one);
        }
    }

    // A head that is not ahead of ours: the same block, a rollback, or a back end that lags, maybe on a stale branch. A
    // lower head must be seen twice, or, where it takes back much, for long.
    private async Task<bool> ConsiderAsync(ChainHeader head)
    {
        if (Chain.Has(head.Number, head.Hash))
        {
            _wasShorter = false;
            shorter.Forget();
            return true;
        }

        var isShorter = head.Number < Chain.Tip.Number;
        if (isShorter && (head.Number + ShortRollback < Chain.Tip.Number || head.Number < finals.Newest?.Number))
        {
            shorter.Endure(head.Number, Chain.Tip.Number, await IsOfAnotherBranchAsync(head).ConfigureAwait(false));
        }
        else if (isShorter && !_wasShorter)
        {
            _wasShorter = true;
            return true;
        }

        _wasShorter = false;
        return await SwitchToAsync(head).ConfigureAwait(false);
    }

    // By the newest kept block that is not above the head; of blocks in between nobody knows.
    private async Task<bool> IsOfAnotherBranchAsync(ChainHeader head) =>
        Chain.Kept.LastOrDefault(block => block.Number <= head.Number) is { } own
        && (own.Number == head.Number
            || (await node.ReadIfKeptAsync(own.Number).ConfigureAwait(false) is { } block && block.Hash != own.Hash));

    // The next blocks by their heights, as far as they hang together. The newest one is known already.
    private async Task<IReadOnlyList<ChainHeader>> ReadNextAsync(ChainHeader head)
    {
        var first = Chain.Tip.Number + 1;
        var count = (int)Math.Min(BlocksPerStep, head.Number - first);
        var replies = count == 0
            ? []
            : await node
                .AskAsync([.. Enumerable.Range(0, count).Select(i => NodeQuestions.GetBlock(first + (ulong)i))])
                .ConfigureAwait(false);
        List<ChainHeader> next = [];
        foreach (var reply in replies)
        {
            // The first gap ends the row: what is behind it is asked for again.
            if ((next.Count > 0 && reply is not RpcResult) || NodeReader.HeaderIfKept(reply) is not { } header
                || header.Number != first + (ulong)next.Count || (next.Count > 0 && header.Parent != next[^1].Hash))
            {
                break;
            }

            next.Add(header);
        }

        if (first + (ulong)next.Count == head.Number && (next.Count == 0 || head.Parent == next[^1].Hash))
        {
            next.Add(head);
        }

        return next.Count > 0
            ? next
            : throw new NodeReadException(
                $"The node does not know block {first}, below its newest block {head.Number}.") { IsGone = true };
    }

    // The blocks above one that was told, up to the block given; null when they are too many.
    private async Task<List<ChainHeader>?> ReadBranchAsync(ChainHeader block)
    {
        List<ChainHeader> branch = [block];
        while (branch[^1] is var oldest && !(oldest.Number > 0 && Chain.Has(oldest.Number - 1, oldest.Parent)))
        {
            if (branch.Count > MostParents || oldest.Number <= Chain.Lowest.Number + 1)
            {
                return null;
            }

            var parent = await node.ReadBlockAsync(NodeQuestions.GetBlockByHash(oldest.Parent)).ConfigureAwait(false);
            branch.Add(parent is not null && parent.Hash == oldest.Parent && parent.Number == oldest.Number - 1
                ? parent
                : throw new NodeReadException($"The node does not know the parent of block {oldest.Number}.")
                {
                    IsGone = true,
                });
        }

        branch.Reverse();
        return branch;
    }

    // The newest told block, not above a height, that is still one of the node's chain, or that the node has no more.
    private async Task<(ulong Number, bool IsGone)> FindStandingAsync(ulong highest)
    {
        // The chain may change while the node is asked.
        var kept = Chain.Kept.TakeWhile(block => block.Number <= highest).ToList();
        var (standing, gone) = (-1, kept.Count);
        for (var step = 1; standing < 0 && gone > 0; step *= 2)
        {
            await LookAtAsync(Math.Max(0, gone - step)).ConfigureAwait(false);
        }

        while (gone - standing > 1 && standing >= 0)
        {
            await LookAtAsync(standing + ((gone - standing) / 2)).ConfigureAwait(false);
        }

        return standing >= 0
            ? (kept[standing].Number, await node.IsGoneAsync(kept[standing].Number).ConfigureAwait(false))
            : throw new ReplacedChainException(Chain.Lowest.Stamp);

        // A block that the node has no more counts as standing: nothing shows that it does not.
        async Task LookAtAsync(int place)
        {
            var block = await node.ReadIfKeptAsync(kept[place].Number).ConfigureAwait(false);
            (standing, gone) = block is null || block.Hash == kept[place].Hash ? (place, gone) : (standing, place);
        }
    }

    private void Rewind(ulong above, Func<ulong, BlockStamp> instead)
    {
        while (Chain.Tip.Number > above)
        {
            TakeBack(happened => instead(happened.Block.Number));
        }

        _lowest = Math.Min(_lowest, Chain.Tip.Number);
        finals.Rewind(Chain.Tip.Number);
        status.Miss(missing => missing.Rewind(Chain.Tip.Number));
        listener.Rewound(Chain.Tip.Stamp);
    }

    private CanonicalBlock TakeBack(Func<MarketEvent, BlockStamp> instead)
    {
        var removed = Chain.Pop();
        foreach (var happened in removed.Events.Reverse())
        {
            listener.Tell(new Reverted(instead(happened), happened));
        }

        return removed;
    }

    private async Task TellAsync(IReadOnlyList<ChainHeader> blocks)
    {
        var left = blocks;
        while (left.Count > 0)
        {
            var events = await logs.ReadBlocksAsync(left).ConfigureAwait(false);
            foreach (var (block, happened) in left.Zip(events))
            {
                listener.Reached(block.Stamp);
                Tell(new CanonicalBlock(block.Stamp, happened));
            }

            left = [.. left.Skip(events.Count)];
        }
    }
}
