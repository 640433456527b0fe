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

    /// <summary>
    /// What a node answers that is so many blocks behind; null when it does not know the block: it is too new for it, was
    /// replaced, or is so old that its state is pruned.
    /// </summary>
    /// <remarks>
    /// Of the past, so much is kept as <see cref="SimulatedChainOptions.MaxReorganisation"/> and
    /// <see cref="SimulatedChainOptions.MaxBlocksBehind"/> say. As of an older block it is said what was written up to
    /// now, at that block's time.
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
