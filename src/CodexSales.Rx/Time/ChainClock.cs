using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Time;

/// <summary>
/// What time it is on the chain: the newest block's timestamp, carried forward by the scheduler until the next block
/// comes.
/// </summary>
/// <remarks>
/// It never goes back. Where it ran ahead of the chain it stands still until the chain has caught up. Lives on the core
/// scheduler.
/// </remarks>
internal sealed class ChainClock : IDisposable
{
    // No scheduler is asked for a longer delay than this; longer waits are done in parts.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    private readonly IScheduler _scheduler;
    private readonly SortedSet<Wait> _waits = new(Wait.Order);

    // One for all waits: it wakes at the earliest moment that was waited for when it was set, or sooner.
    private readonly SerialDisposable _timer = new();
    private UnixSeconds _timerMoment;
    private long _lastWait;
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
            EndWaits();
        }
    }

    /// <summary>
    /// Notifies once, as soon as the chain's time is later than the moment, and completes. O(log n) for n that wait.
    /// </summary>
    public IObservable<Unit> WhenPast(UnixSeconds moment) => Observable.Create<Unit>(observer =>
    {
        if (Now > moment)
        {
            observer.OnNext(Unit.Default);
            observer.OnCompleted();
            return Disposable.Empty;
        }

        var wait = new Wait(this, moment, ++_lastWait, observer);
        _waits.Add(wait);
        if (_waits.Count == 1 || moment < _timerMoment)
        {
            SetTimer();
        }

        return wait;
    });

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void EndWaits()
    {
        while (_waits.Min is { } first && Now > first.Moment)
        {
            _waits.Remove(first);
            first.End();
        }

        SetTimer();
    }

    private void SetTimer()
    {
        if (_waits.Min is { Moment: var earliest })
        {
            _timerMoment = earliest;
            _timer.Disposable = _scheduler.Schedule(DelayUntilPast(earliest), EndWaits);
        }
        else
        {
            _timer.Disposable = Disposable.Empty;
        }
    }

    private void Forget(Wait wait)
    {
        if (_waits.Remove(wait) && _waits.Count == 0)
        {
            SetTimer();
        }
    }

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

    private sealed class Wait(ChainClock clock, UnixSeconds moment, long number, IObserver<Unit> observer) : IDisposable
    {
        public static readonly Comparer<Wait> Order = Comparer<Wait>.Create((left, right) =>
            left.Moment.CompareTo(right.Moment) is not 0 and var order ? order : left.Number.CompareTo(right.Number));

        public UnixSeconds Moment => moment;

        private long Number => number;

        public void End()
        {
            observer.OnNext(Unit.Default);
            observer.OnCompleted();
        }

        public void Dispose() => clock.Forget(this);
    }
}
