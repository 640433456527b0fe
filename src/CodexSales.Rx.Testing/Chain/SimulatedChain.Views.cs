namespace CodexSales.Rx.Testing.Chain;

/// <content>What the contract says as of a block.</content>
public sealed partial class SimulatedChain
{
    // Source: geth, which keeps the states of its newest 128 blocks unless it is told otherwise.
    private const ulong BlocksWithState = 128;

    /// <summary>The newest block.</summary>
    public BlockStamp NewestBlock => _blocks.Newest;

    /// <summary>The block that has a number now.</summary>
    internal BlockStamp StampOf(ulong number) => _blocks.StampOf(number);

    /// <summary>Whether another block stands in the place of one; never one of a record, which has hashes of its own.</summary>
    internal bool IsReplaced(BlockStamp block) =>
        !_blocks.IsRecord && block.Hash != default && block.Hash != _hashes.Of(block.Number);

    /// <summary>The answer of a node so far behind; null if the block is unknown, replaced or pruned.</summary>
    /// <remarks>
    /// What was written since is left out for <see cref="SimulatedChainOptions.MaxReorganisation"/> or
    /// <see cref="SimulatedChainOptions.MaxBlocksBehind"/> blocks; older blocks are answered from today's state, at
    /// their own time.
    /// </remarks>
    internal ChainView? FindView(BlockStamp asOf, int behind) =>
        asOf.Number + (ulong)behind > _blocks.Newest.Number
            || asOf.Number + BlocksWithState < _blocks.Newest.Number
            || IsReplaced(asOf)
            ? null
            : new ChainView(asOf, StateAfter(asOf));

    // What was before the first of the blocks that came later.
    private SimulatedContract StateAfter(BlockStamp at)
    {
        foreach (var block in _landed)
        {
            if (block.At.Number > at.Number)
            {
                return block.Before;
            }
        }

        return _contract;
    }
}
