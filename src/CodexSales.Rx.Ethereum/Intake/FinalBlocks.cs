using System.Reactive.Concurrency;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Which blocks no reorganisation takes back any more: those that the node calls final; where it calls none so, those
/// that are deep enough by blocks and by time.
/// </summary>
/// <remarks>Never goes back. Lives on the scheduler.</remarks>
internal sealed class FinalBlocks(MarketIntakeOptions options, IIntakeListener listener, IScheduler scheduler)
{
    // Of all blocks on the way to being final it is enough to know one now and then.
    private const int Samples = 32;

    private readonly LinkedList<BlockStamp> _waiting = [];
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private BlockStamp? _deep;
    private TimeSpan? _saidAt;

    /// <summary>The newest one; null as long as none is known.</summary>
    public BlockStamp? Newest { get; private set; }

    /// <summary>The node calls a block final.</summary>
    public void Say(BlockStamp final)
    {
        _saidAt = _clock.Elapsed;
        Settle(final);
    }

    /// <summary>The chain has another tip.</summary>
    public void Reach(OwnChain chain)
    {
        var tip = chain.Tip.Stamp;
        while (_waiting.Last is { Value: var last } && (last.Number >= tip.Number || IsReplaced(chain, last)))
        {
            _waiting.RemoveLast();
        }

        var step = (ulong)options.FinalAge.TotalSeconds / Samples;
        if (_waiting.Last is not { } newest || tip.Time.Value >= newest.Value.Time.Value + step)
        {
            _waiting.AddLast(tip);
        }

        while (_waiting.First is { Value: var oldest } && IsDeep(oldest, tip, options))
        {
            _deep = oldest;
            _waiting.RemoveFirst();
        }

        // A chain that says what is final may take its time with that.
        if (_deep is { } final && !(_clock.Elapsed - _saidAt < options.FinalAge))
        {
            Settle(final);
        }
    }

    /// <summary>Whether a block is deep enough below another one.</summary>
    public static bool IsDeep(BlockStamp block, BlockStamp tip, MarketIntakeOptions options) =>
        tip.Number >= block.Number + (ulong)options.FinalDepth
        && tip.Time.Value >= block.Time.Value + (ulong)options.FinalAge.TotalSeconds;

    private static bool IsReplaced(OwnChain chain, BlockStamp block) =>
        chain.Find(block.Number) is { } own && own.Hash != block.Hash;

    private void Settle(BlockStamp final)
    {
        if (Newest is null || final.Number > Newest.Value.Number)
        {
            Newest = final;
            listener.Settled(final);
        }
    }
}
