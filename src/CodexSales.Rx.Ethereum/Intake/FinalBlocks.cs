namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The blocks that no reorganisation takes back any more: those that the node calls final, or else those that
/// are deep enough by blocks and by time. The told one never goes back. Lives on the scheduler.</summary>
internal sealed class FinalBlocks(MarketIntakeOptions options, IntakeListener listener, IScheduler scheduler)
{
    // Of the blocks on the way to being final so many are remembered.
    private const int Samples = 32;

    private readonly LinkedList<BlockStamp> _waiting = [];
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private BlockStamp? _deep;
    private ulong? _told;
    private TimeSpan? _saidAt;

    /// <summary>The newest final block; null until one is known, or when it was taken back all the same.</summary>
    public BlockStamp? Newest { get; private set; }

    /// <summary>Notes that the node calls a block final.</summary>
    public void Say(BlockStamp final)
    {
        _saidAt = _clock.Elapsed;
        Settle(final);
    }

    /// <summary>Notes that the blocks above a height were taken back.</summary>
    public void Rewind(ulong number)
    {
        while (_waiting.Last is { Value: var last } && last.Number > number)
        {
            _waiting.RemoveLast();
        }

        _deep = _deep?.Number > number ? null : _deep;
        Newest = Newest?.Number > number ? null : Newest;
    }

    /// <summary>Notes another tip of the chain.</summary>
    public void Reach(BlockStamp tip)
    {
        var step = (ulong)options.FinalAge.TotalSeconds / Samples;
        if (_waiting.Last is not { Value: var newest }
            || (tip.Number > newest.Number && tip.Time.Value >= newest.Time.Value + step))
        {
            _waiting.AddLast(tip);
        }

        while (_waiting.First is { Value: var oldest } && IsDeep(oldest, tip))
        {
            _deep = oldest;
            _waiting.RemoveFirst();
        }

        // A node that says which blocks are final may take its time with that.
        if (_deep is { } final && !(_clock.Elapsed - _saidAt < options.FinalAge))
        {
            Settle(final);
        }
    }

    private bool IsDeep(BlockStamp block, BlockStamp tip) =>
        tip.Number >= block.Number + (ulong)options.FinalDepth
        && tip.Time.Value >= block.Time.Value + (ulong)options.FinalAge.TotalSeconds;

    private void Settle(BlockStamp final)
    {
        if (Newest is { Number: var newest } && final.Number <= newest)
        {
            return;
        }

        Newest = final;
        if (_told is not { } told || final.Number > told)
        {
            _told = final.Number;
            listener.Settled(final);
        }
    }
}
