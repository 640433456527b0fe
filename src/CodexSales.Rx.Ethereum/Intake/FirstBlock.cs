namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Finds where events begin.</summary>
internal sealed class FirstBlock
{
    private const ulong FirstStep = 256;

    // What a node says once to have no more may be another back end's word.
    private const int TimesAsked = 3;

    private readonly NodeReader _node;
    private readonly UnixSeconds _since;
    private ChainHeader _wanted;
    private ulong? _unwanted;

    private FirstBlock(NodeReader node, ChainHeader floor, UnixSeconds since) =>
        (_node, _wanted, _since) = (node, floor, since);

    /// <summary>
    /// The first block that is not older than a time, as far as the node has it and its logs, and whether there are others
    /// before it that it has not.
    /// </summary>
    /// <remarks>Back from the newest ones, in growing steps: a node need not have any older block than is wanted.</remarks>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public static async Task<(ChainHeader Block, bool IsIncomplete)> FindAsync(
        NodeReader node, ChainHeader floor, UnixSeconds since)
    {
        var search = new FirstBlock(node, floor, since);
        await search.SearchAsync().ConfigureAwait(false);
        var isIncomplete = await search.IsIncompleteAsync().ConfigureAwait(false);
        return (search._wanted, isIncomplete);
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
        if (await _node.ReadKeptAsync(number).ConfigureAwait(false) is { } block && block.Time >= _since)
        {
            _wanted = block;
        }
        else
        {
            _unwanted = number;
        }
    }

    // Whether a block is wanted, and the node has it not.
    private async Task<bool> IsIncompleteAsync()
    {
        for (var times = 0; _unwanted is { } number && times < TimesAsked; times++)
        {
            if (await _node.ReadKeptAsync(number).ConfigureAwait(false) is { } block)
            {
                return block.Time >= _since
                    ? throw new NodeReadException($"The node has block {number} now, and had it not before.")
                    : false;
            }
        }

        return _unwanted is not null;
    }
}
