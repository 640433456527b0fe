using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Time;

/// <summary>
/// What time it is on the chain: the newest block's timestamp, carried forward by the scheduler until the next block comes.
/// </summary>
/// <remarks>
/// It never goes back. Where it ran ahead of the chain it stands still until the chain has caught up. Lives on the core scheduler.
/// </remarks>
internal sealed class ChainClock : IDisposable
{
    // No scheduler is asked for a longer delay than this; longer waits are done in parts.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly IScheduler _scheduler;
    private readonly Subject<Unit> _jumps = new();
    private UnixSeconds _blockTime;
    private DateTimeOffset _heardAt;
    private UnixSeconds _floor;

    public ChainClock(IScheduler scheduler)
    {
        _scheduler = scheduler;
        _heardAt = scheduler.Now;
    }

    /// <summary>The newest block that was heard of; before the first one, block 0 at time 0.</summary>
    public BlockStamp Head { get; private set; }

    /// <summary>The chain's time, or 0 before the first block.</summary>
    public UnixSeconds Now => Head == default ? default : Later(_floor, _blockTime.Plus(SecondsSinceHeard));

    private ulong SecondsSinceHeard => (ulong)Math.Max(0, (_scheduler.Now - _heardAt).Ticks / TimeSpan.TicksPerSecond);

    /// <summary>Takes in a block: one that is announced, or one that an event stands in.</summary>
    public void Observe(BlockStamp block)
    {
        if (block.Time <= _blockTime && block.Number <= Head.Number)
        {
            return;
        }

        var carried = Now;
        (Head, _blockTime, _heardAt, _floor) = (block, block.Time, _scheduler.Now, carried);
        if (Now > carried)
        {
            _jumps.OnNext(Unit.Default);
        }
    }

    /// <summary>Notifies once, as soon as the chain's time is later than the moment, and completes.</summary>
    public IObservable<Unit> WhenPast(UnixSeconds moment) => Observable.Create<Unit>(observer =>
    {
        var timer = new SerialDisposable();
        var jumps = _jumps.Subscribe(_ => Look());
        Look();
        return StableCompositeDisposable.Create(timer, jumps);

        void Look()
        {
            if (Now > moment)
            {
                timer.Dispose();
                observer.OnNext(Unit.Default);
                observer.OnCompleted();
            }
            else
            {
                timer.Disposable = _scheduler.Schedule(DelayUntilPast(moment), Look);
            }
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _jumps.Dispose();

    private TimeSpan DelayUntilPast(UnixSeconds moment)
    {
        if (moment.SecondsSince(_blockTime.Plus(SecondsSinceHeard)) >= (ulong)LongestDelay.TotalSeconds)
        {
            return LongestDelay;
        }

        var delay = _heardAt + TimeSpan.FromSeconds((long)moment.SecondsSince(_blockTime) + 1) - _scheduler.Now;
        return delay > TimeSpan.Zero ? delay : TimeSpan.FromSeconds(1);
    }

    private static UnixSeconds Later(UnixSeconds left, UnixSeconds right) => left > right ? left : right;
}
