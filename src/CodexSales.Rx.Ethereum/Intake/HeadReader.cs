using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Reads the newest block, and what the node calls final; not each node does.</summary>
internal sealed class HeadReader(
    NodeReader node,
    CanonicalChain chain,
    FinalBlocks finals,
    MarketIntakeOptions options,
    IntakeStatus status,
    IIntakeListener listener,
    WakeSignal wake,
    CancellationToken cancellation)
{
    // So deep ranges are read as long as nothing is known to be final.
    private const ulong DeepestFloor = CanonicalChain.Newest / 2;

    private ChainHeader? _said;

    /// <summary>The newest block.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<ChainHeader> ReadAsync()
    {
        var replies = await node.AskAsync(NodeReader.BlockAt("latest"), NodeReader.BlockAt("finalized"))
            .ConfigureAwait(false);
        var head = NodeReader.HeaderIn(replies[0])
            ?? throw new NodeReadException("The node has no newest block.");
        status.SeeHead(head.Stamp);
        _said = FinalIn(replies[1], head);
        if (_said is { } final)
        {
            finals.Say(final.Stamp);
        }

        return head;
    }

    /// <summary>A block up to which ranges are read: one that is final, or deep.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<ChainHeader> ReadFloorAsync(ChainHeader head) =>
        _said is { } final && final.Number + DeepestFloor >= head.Number
            ? final
            : await node
                .ReadBelowAsync(head.Number - Math.Min(head.Number, Math.Min(DeepestFloor, (ulong)options.FinalDepth)))
                .ConfigureAwait(false);

    /// <summary>Tells each new block while something goes on that may take minutes: what is hosted can't wait for it.</summary>
    public async Task TellWhileAsync(Func<Task> meanwhile)
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

    // On chains that know no finality some nodes say that nothing is final but the first block. What is not of the chain
    // as it was told is another branch's.
    private ChainHeader? FinalIn(RpcReply reply, ChainHeader head) =>
        reply is RpcResult && NodeReader.HeaderIn(reply) is { Number: > 0 } final && final.Number <= head.Number
            && (chain.Find(final.Number) is not { } own || own.Hash == final.Hash)
            ? final
            : null;

    private async Task WatchHeadsAsync(CancellationToken reading)
    {
        while (!reading.IsCancellationRequested)
        {
            try
            {
                await wake.WaitAsync(options.PollInterval, reading).ConfigureAwait(false);
                listener.Reached((await ReadAsync().ConfigureAwait(false)).Stamp);
            }
            catch (NodeReadException)
            {
                // Whoever reads the past suffers from it, too, and tells.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
