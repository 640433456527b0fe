using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Testing;

/// <content>What the contract says as of a block.</content>
public sealed partial class SimulatedChain
{
    // Chains that were the chain, the oldest first: nodes that are behind are on them for a while.
    private readonly List<ReplacedChain> _replaced = [];

    /// <summary>What a node answers that takes the next block for what it is asked about: everything up to now.</summary>
    internal ChainView PendingView => new(_blocks.Pending, _contract);

    /// <summary>
    /// What a node answers whose newest block is so many blocks behind that of the chain: as the chain was when that
    /// block came, even if it is another chain by now.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The node is behind by more than <see cref="SimulatedChainOptions.MaxBlocksBehind"/>.
    /// </exception>
    internal ChainView ViewBehind(int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, Options.MaxBlocksBehind);
        var newest = _blocks.Newest.Number;
        if (blocks == 0 || newest < Options.FirstBlock + (ulong)blocks)
        {
            return new ChainView(_blocks.Newest, _contract);
        }

        var moment = _blocks.MomentOf(newest - (ulong)blocks);
        var at = _blocks.NewestAt(moment);
        return new ChainView(at, _replaced.Find(chain => chain.Until > moment)?.StateAfter(at)
            ?? StateAfter(at, _landed, _contract));
    }

    // What was before the first of the blocks that came later.
    private static SimulatedContract StateAfter(
        BlockStamp at, IReadOnlyList<LandedBlock> landed, SimulatedContract newest)
    {
        foreach (var block in landed)
        {
            if (block.At.Number > at.Number)
            {
                return block.Before;
            }
        }

        return newest;
    }

    // Before blocks are replaced: who is behind has not heard of it yet.
    private void KeepForThoseBehind()
    {
        if (Options.MaxBlocksBehind > 0)
        {
            var oldest = _blocks.Newest.Number - Math.Min(_blocks.Newest.Number, (ulong)Options.MaxBlocksBehind);
            _replaced.RemoveAll(chain => chain.Newest < oldest);
            _replaced.Add(new ReplacedChain(Scheduler.Now, _blocks.Newest.Number, [.. _landed], _contract));
        }
    }

    private sealed record ReplacedChain(
        DateTimeOffset Until, ulong Newest, IReadOnlyList<LandedBlock> Landed, SimulatedContract State)
    {
        public SimulatedContract StateAfter(BlockStamp at) => SimulatedChain.StateAfter(at, Landed, State);

        public void Mint(Address account, UInt256 amount)
        {
            State.Tokens.Mint(account, amount);
            foreach (var block in Landed)
            {
                block.Before.Tokens.Mint(account, amount);
            }
        }
    }
}
