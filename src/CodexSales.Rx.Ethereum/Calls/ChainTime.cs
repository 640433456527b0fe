using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>The newest block's time, carried forward by the scheduler. Threading: any thread.</summary>
internal sealed class ChainTime(IScheduler scheduler)
{
    private readonly Lock _gate = new();
    private (UnixSeconds Time, DateTimeOffset HeardAt)? _head;

    /// <summary>What time the next block will have at least; null before the first one.</summary>
    public UnixSeconds? Now
    {
        get
        {
            lock (_gate)
            {
                return _head is { } head
                    ? head.Time.Plus((ulong)Math.Max(0, (scheduler.Now - head.HeardAt).TotalSeconds))
                    : null;
            }
        }
    }

    public void Observe(BlockStamp head)
    {
        lock (_gate)
        {
            _head = (head.Time, scheduler.Now);
        }
    }
}
