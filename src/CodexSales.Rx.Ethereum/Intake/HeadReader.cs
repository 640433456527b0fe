namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Reads the newest block, and what the node calls final; not each node does.</summary>
internal sealed class HeadReader(
    NodeReader node,
    CanonicalChain chain,
    FinalBlocks finals,
    MarketIntakeOptions options,
    IntakeStatus status,
    IntakeListener listener,
    WakeSignal wake,
    CancellationToken cancellation)
{
    // Ranges are read up to this depth as long as no final block is known.
    private const ulong DeepestFloor = CanonicalChain.Newest / 2;

    private ChainHeader? _said;

    /// <summary>The newest block.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<ChainHeader> ReadAsync()
    {
        var replies = await node
            .AskAsync(NodeQuestions.GetBlock(BlockTag.Latest), NodeQuestions.GetBlock(BlockTag.Finalized))
            .ConfigureAwait(false);
        var head = NodeReader.HeaderIn(replies[0]) ?? throw new NodeReadException("The node has no newest block.");
        status.SeeHead(head.Stamp);
        _said = FinalIn(replies[1], head);
        if (_said is { } final)
        {
            finals.Say(final.Stamp);
        }

        return head;
    }

    /// <summary>The block up to which ranges are read: a final one, or a deep one.</summary>
    /// <exception cref="NodeReadException">The node can't be read.</exception>
    public async Task<ChainHeader> ReadFloorAsync(ChainHeader head) =>
        _said is { } final && final.Number + DeepestFloor >= head.Number
            ? final
            : await node
                .ReadBelowAsync(head.Number - Math.Min(head.Number, Math.Min(DeepestFloor, (ulong)options.FinalDepth)))
                .ConfigureAwait(false);

    /// <summary>Tells each new block during a step that may take minutes: hosted slots can't wait for it.</summary>
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
            Disposable.Create(reading.Cancel).Dispose();
            await watching.ConfigureAwait(false);
        }
    }

    // Without finality some nodes call the first block final; a block off the told chain is another branch's.
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
                // Reading the past meets the same trouble, and tells it.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
