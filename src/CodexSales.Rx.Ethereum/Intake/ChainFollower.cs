using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Follows the chain near its tip, block by block: every block told is the child of the one told before, or takes back
/// what stands in its place.
/// </summary>
internal sealed class ChainFollower(NodeReader node, LogReader logs, IIntakeListener listener)
{
    // How many blocks are asked for at once.
    private const int BlocksPerStep = 16;

    private bool _wasShorter;

    /// <summary>The blocks that were told and can be taken back, on top of one that can't.</summary>
    public OwnChain Chain { get; } = new();

    /// <summary>Begins at a final block whose events were told.</summary>
    public void Begin(ChainHeader final) => Chain.Begin(new OwnBlock(final.Stamp, []));

    /// <summary>Goes on until the node's newest block is told.</summary>
    /// <exception cref="NodeTroubleException">
    /// The node can't be read; the next call goes on where this one stopped.
    /// </exception>
    /// <exception cref="ChainUntrustedException">More blocks would have to be taken back than are kept.</exception>
    public async Task FollowAsync(ChainHeader head)
    {
        if (head.Number <= Chain.Tip.Number)
        {
            await ConsiderAsync(head).ConfigureAwait(false);
            return;
        }

        _wasShorter = false;
        while (Chain.Tip.Number < head.Number)
        {
            var next = await ReadNextAsync(head).ConfigureAwait(false);
            if (next[0].Parent == Chain.Tip.Hash)
            {
                await TellAsync(next).ConfigureAwait(false);
            }
            else
            {
                await SwitchToAsync(next[0]).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes back all that is not on the way to a block, and tells that way.</summary>
    public async Task SwitchToAsync(ChainHeader block)
    {
        var branch = await ReadBranchAsync(block).ConfigureAwait(false);
        while (Chain.Tip.Number >= branch[0].Number)
        {
            var removed = Chain.Pop();
            var instead = branch.Find(header => header.Number == removed.Number) ?? block;
            for (var i = removed.Events.Count - 1; i >= 0; i--)
            {
                listener.Tell(new Reverted(instead.Stamp, removed.Events[i]));
            }
        }

        listener.Rewound(Chain.Tip.Stamp);
        foreach (var step in branch.Chunk(BlocksPerStep))
        {
            await TellAsync(step).ConfigureAwait(false);
        }
    }

    // The newest block is one that is known, or an older one: nothing is new, or the chain was cut back, or another
    // back end answers that is behind, maybe on a branch that was left. A shorter chain is believed when it is seen
    // again.
    private async Task ConsiderAsync(ChainHeader head)
    {
        if (Chain.Has(head.Number, head.Hash))
        {
            _wasShorter = false;
            return;
        }

        if (head.Number < Chain.Lowest.Number)
        {
            throw new NodeTroubleException(
                $"The node is at block {head.Number}, far behind block {Chain.Tip.Number}, which was told already.");
        }

        var isShorter = head.Number < Chain.Tip.Number;
        if (isShorter && !_wasShorter)
        {
            _wasShorter = true;
            return;
        }

        _wasShorter = false;
        await SwitchToAsync(head).ConfigureAwait(false);
    }

    // The next blocks by their heights, as far as they hang together. The newest one is known already.
    private async Task<IReadOnlyList<ChainHeader>> ReadNextAsync(ChainHeader head)
    {
        var first = Chain.Tip.Number + 1;
        var count = (int)Math.Min(BlocksPerStep, head.Number - first);
        var replies = count == 0
            ? []
            : await node.AskAsync([.. Enumerable.Range(0, count).Select(i => NodeReader.BlockAt(first + (ulong)i))])
                .ConfigureAwait(false);
        List<ChainHeader> next = [];
        foreach (var reply in replies)
        {
            // The first gap ends the row: what is behind it is asked for again.
            if ((next.Count > 0 && reply is not RpcResult) || NodeReader.HeaderIn(reply) is not { } header
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
            : throw new NodeTroubleException(
                $"The node does not know block {first} yet, below its newest block {head.Number}.");
    }

    // The way from a block that was told, without it, to the block given.
    private async Task<List<ChainHeader>> ReadBranchAsync(ChainHeader block)
    {
        List<ChainHeader> branch = [block];
        while (branch[^1] is var oldest && !(oldest.Number > 0 && Chain.Has(oldest.Number - 1, oldest.Parent)))
        {
            if (oldest.Number <= Chain.Lowest.Number + 1)
            {
                throw new ChainUntrustedException(
                    $"Block {Chain.Lowest.Number} is not {Chain.Lowest.Hash} any more, as it was when its events were "
                    + "told: a reorganisation that is too deep to take back, or another chain.");
            }

            var parent = await node.ReadBlockAsync(NodeReader.BlockOf(oldest.Parent)).ConfigureAwait(false);
            branch.Add(parent is not null && parent.Hash == oldest.Parent && parent.Number == oldest.Number - 1
                ? parent
                : throw new NodeTroubleException($"The node does not know the parent of block {oldest.Number}."));
        }

        branch.Reverse();
        return branch;
    }

    private async Task TellAsync(IReadOnlyList<ChainHeader> blocks)
    {
        var left = blocks;
        while (left.Count > 0)
        {
            var events = await logs.ReadBlocksAsync(left).ConfigureAwait(false);
            foreach (var (block, happened) in left.Zip(events))
            {
                Chain.Push(new OwnBlock(block.Stamp, happened));
                listener.Reached(block.Stamp);
                foreach (var one in happened)
                {
                    listener.Tell(one);
                }
            }

            left = [.. left.Skip(events.Count)];
        }
    }
}
