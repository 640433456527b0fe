namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>About a hundred final blocks, the nearer the denser, by which a chain is known after a restart.</summary>
internal sealed class ChainAnchors(
    ICursorStore? store,
    NodeReader node,
    MarketIntakeOptions options,
    IntakeStatus status,
    IScheduler scheduler,
    CancellationToken cancellation)
{
    private const int Most = 100;
    private const ulong BlocksApart = 32;
    private const ulong SecondsApart = 60;

    private readonly List<BlockCursor> _blocks = [];
    private readonly ShorterBranch _shorter = new(status, options, scheduler);
    private BlockStamp? _saved;

    public async Task LoadAsync()
    {
        if (store is not null && !options.ForgetsBlocks)
        {
            _blocks.AddRange(await store.LoadAsync(cancellation).ConfigureAwait(false));
            await scheduler.Yield(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes sure that it is the same chain: one of the blocks, mostly the newest, is in it.</summary>
    /// <exception cref="NodeReadException">The node is behind, or can't be read.</exception>
    /// <exception cref="ReplacedChainException">None stands.</exception>
    public async Task RecogniseAsync(ChainHeader head)
    {
        if (_blocks.Count == 0)
        {
            return;
        }

        // Waits while the node is behind the cursor, unless the chain was set back.
        var newest = _blocks[^1];
        if (head.Number < newest.Number)
        {
            _shorter.Endure(head.Number, newest.Number, await IsOfAnotherBranchAsync(head).ConfigureAwait(false));
        }
        else if (await FindHashAsync([newest]).ConfigureAwait(false) is [var hash] && hash == newest.Hash)
        {
            return;
        }

        var hashes = await FindHashAsync(_blocks).ConfigureAwait(false);
        var standing = _blocks.FindLastIndex(block => hashes[_blocks.IndexOf(block)] == block.Hash);
        if (standing >= 0)
        {
            status.Notice(
                $"Blocks after block {_blocks[standing].Number} were replaced while this host was off, although they "
                + "counted as final.");
            _blocks.RemoveRange(standing + 1, _blocks.Count - standing - 1);
        }
        else if (hashes.Find(one => one is not null) is not null)
        {
            var oldest = _blocks[hashes.FindIndex(one => one is not null)];
            throw new ReplacedChainException(new BlockStamp(oldest.Number, default) { Hash = oldest.Hash });
        }
        else
        {
            status.Notice(
                $"The node has none of the blocks any more by which the chain was known, up to block {newest.Number}.");
        }
    }

    /// <summary>Saves a final block far enough from the last one; removes those that were replaced anyway.</summary>
    /// <exception cref="NodeReadException">The store can't be written.</exception>
    public async Task SaveAsync(BlockStamp? final, CanonicalChain chain)
    {
        if (store is null)
        {
            return;
        }

        if (_blocks.RemoveAll(one => one.Number > chain.Tip.Number
            || (chain.Find(one.Number) is { } own && own.Hash != one.Hash)) > 0)
        {
            _saved = null;
        }
        else if (final is null)
        {
            return;
        }

        if (final is { } block)
        {
            if (_saved is { } last && (block.Number < last.Number + BlocksApart
                || block.Time.Value < last.Time.Value + SecondsApart))
            {
                return;
            }

            _blocks.RemoveAll(one => one.Number >= block.Number);
            _blocks.Add(new BlockCursor(block.Number, block.Hash));
            Thin();
        }

        try
        {
            await store.SaveAsync([.. _blocks], cancellation).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new NodeReadException($"By which blocks the chain is known can't be saved: {failed.Message}");
        }

        _saved = final;
        await scheduler.Yield(cancellation).ConfigureAwait(false);
    }

    // By the newest block that is not above the head; between the two the store has none.
    private async Task<bool> IsOfAnotherBranchAsync(ChainHeader head) =>
        _blocks.FindLastIndex(block => block.Number <= head.Number) is >= 0 and var place
        && await FindHashAsync([_blocks[place]]).ConfigureAwait(false) is [{ } hash] && hash != _blocks[place].Hash;

    // Removes the block whose neighbours are nearest to each other, relative to their depth.
    private void Thin()
    {
        if (_blocks.Count > Most)
        {
            _blocks.RemoveAt(Enumerable.Range(1, _blocks.Count - 2).MinBy(i =>
                (double)(_blocks[i + 1].Number - _blocks[i - 1].Number) / (_blocks[^1].Number - _blocks[i].Number)));
        }
    }

    // The node's hashes at the blocks' heights; null where it has no block any more.
    private async Task<List<Bytes32?>> FindHashAsync(IReadOnlyList<BlockCursor> blocks)
    {
        var replies = await node.AskAsync([.. blocks.Select(block => NodeQuestions.GetBlock(block.Number))])
            .ConfigureAwait(false);
        return [.. replies.Select(reply => NodeReader.HeaderIfKept(reply)?.Hash)];
    }
}
