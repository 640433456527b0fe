namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Finds where events begin.</summary>
internal sealed class FirstBlock(NodeReader node, ChainHeader floor, UnixSeconds since)
{
    private const ulong FirstStep = 256;

    // A node that denies a block once may be a back end that lags.
    private const int TimesAsked = 3;

    private ChainHeader _wanted = floor;
    private ulong? _unwanted;

    /// <summary>The first block that is not older than a time, as far as the node has it and its logs, and whether
    /// earlier ones are missing. Searches back from the newest blocks, in growing steps: a node need not have older
    /// blocks.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<(ChainHeader Block, bool IsIncomplete)> FindAsync()
    {
        await SearchAsync().ConfigureAwait(false);
        var isIncomplete = await IsIncompleteAsync().ConfigureAwait(false);
        return (_wanted, isIncomplete);
    }

    private async Task SearchAsync()
    {
        for (var step = FirstStep; _unwanted is null && _wanted.Number > 0; step *= 2)
        {
            await LookAtAsync(_wanted.Number - Math.Min(_wanted.Number, step)).ConfigureAwait(false);
        }

        while (_unwanted is { } unwanted && _wanted.Number - unwanted > 1)
        {
            await LookAtAsync(unwanted + ((_wanted.Number - unwanted) / 2)).ConfigureAwait(false);
        }
    }

    private async Task LookAtAsync(ulong number)
    {
        if (await node.ReadKeptAsync(number).ConfigureAwait(false) is { } block && block.Time >= since)
        {
            _wanted = block;
        }
        else
        {
            _unwanted = number;
        }
    }

    // Whether a block is new enough, but the node does not have it.
    private async Task<bool> IsIncompleteAsync()
    {
        for (var times = 0; _unwanted is { } number && times < TimesAsked; times++)
        {
            if (await node.ReadKeptAsync(number).ConfigureAwait(false) is { } block)
            {
                return block.Time >= since
                    ? throw new NodeReadException($"The node has block {number} now, and had it not before.")
                    : false;
            }
        }

        return _unwanted is not null;
    }
}
