using System.Reactive;
using System.Reactive.Subjects;

namespace CodexSales.Rx.Time;

/// <summary>What time it is on the chain: the newest block's timestamp, carried forward by elapsed time until the next
/// block comes.</summary>
/// <remarks>It only wakes those who wait; decisions are made by what blocks say. A clock of the machine that is set
/// anew does not move it where the scheduler has a stopwatch. While no block comes it stops <see cref="MostAhead"/>
/// after the last one; and it follows the blocks, also back to where a chain goes on that had stood still. Lives on the
/// core scheduler; the time may be read from any thread.</remarks>
internal sealed class ChainClock : IDisposable
{
    /// <summary>How far it runs ahead of the newest block: longer than any chain in good health goes without.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(10);

    // Over how long it is measured how fast the chain goes.
    private static readonly TimeSpan MeasuredSpan = TimeSpan.FromSeconds(30);

    private readonly IScheduler _scheduler;
    private readonly SortedSet<Wait> _waits = new(Wait.Order);

    // One for all waits: it wakes at the earliest moment that was waited for when it was set, or sooner.
    private readonly SerialDisposable _timer = new();
    private UnixSeconds _timerMoment = UnixSeconds.MaxValue;
    private long _lastWait;
    private readonly Subject<Unit> _goingBack = new();
    private readonly IStopwatch _watch;

    // A reference, so that another thread reads all of it or none.
    private volatile Heard? _heard;

    // At most one block a second, from the last one before the span on.
    private readonly Queue<Heard> _measured = new();
    private Heard? _measuredLast;

    public ChainClock(IScheduler scheduler)
    {
        _scheduler = scheduler;
        _watch = scheduler.StartStopwatch();
    }

    /// <summary>The chain's time, or 0 before the first block.</summary>
    public UnixSeconds Now => _heard is { } heard ? heard.BlockTime.Plus((ulong)Ahead(heard).TotalSeconds) : default;

    /// <summary>How long ago the newest block was told, by elapsed time.</summary>
    public TimeSpan SinceHeard => Since(_heard);

    private TimeSpan Since(Heard? heard) => _watch.Elapsed - (heard?.At ?? TimeSpan.Zero);

    private TimeSpan Ahead(Heard heard) => Since(heard) switch
    {
        var since when since < TimeSpan.Zero => TimeSpan.Zero,
        var since when since > MostAhead => MostAhead,
        var since => since,
    };

    /// <summary>How many seconds of the chain pass in one second: more than 1 where a chain that had stood still makes
    /// up for it, and never less. Blocks that are told in a row because nothing was heard for a while don't count as
    /// fast.</summary>
    public double Speed
    {
        get
        {
            var (first, last) = (_measured.Count > 0 ? _measured.Peek() : null, _measuredLast);
            return first is null || last is null || last.At - first.At < MeasuredSpan ? 1
                : Math.Max(1, last.BlockTime.SecondsSince(first.BlockTime) / (last.At - first.At).TotalSeconds);
        }
    }

    /// <summary>A block has said that it is earlier than it was taken for: what was over by the clock may not be.</summary>
    public IObservable<Unit> GoingBack => _goingBack.AsObservable();

    public void Observe(BlockStamp head)
    {
        var before = Now;
        _heard = new Heard(head.Time, _watch.Elapsed);
        Measure(_heard);
        EndWaits();
        if (Now < before)
        {
            _goingBack.OnNext(Unit.Default);
        }
    }

    /// <summary>Notifies once, as soon as the chain's time is later than the moment, and completes. O(log n) for n that
    /// wait.</summary>
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
        if (moment < _timerMoment)
        {
            SetTimer();
        }

        return wait;
    });

    public void Dispose()
    {
        _timer.Dispose();
        _goingBack.Dispose();
    }

    private void Measure(Heard heard)
    {
        if (_measuredLast is { } last && (heard.At - last.At).TotalSeconds < 1)
        {
            return;
        }

        _measured.Enqueue(_measuredLast = heard);
        while (_measured.Count > 2 && heard.At - _measured.ElementAt(1).At >= MeasuredSpan)
        {
            _measured.Dequeue();
        }
    }

    private void EndWaits()
    {
        while (_waits.Min is { } first && Now > first.Moment)
        {
            _waits.Remove(first);
            first.End();
        }

        SetTimer();
    }

    // No timer for a moment farther off than the clock may run ahead of the last block: the next block sets it.
    private void SetTimer()
    {
        if (_heard is { BlockTime: var time } && _waits.Min is { Moment: var earliest }
            && earliest.SecondsSince(time) < (ulong)MostAhead.TotalSeconds)
        {
            _timerMoment = earliest;
            var delay = TimeSpan.FromSeconds(earliest.SecondsSince(time) + 1) - SinceHeard;
            _timer.Disposable = _scheduler.Schedule(delay > TimeSpan.Zero ? delay : TimeSpan.FromSeconds(1), EndWaits);
        }
        else
        {
            (_timerMoment, _timer.Disposable) = (UnixSeconds.MaxValue, Disposable.Empty);
        }
    }

    private void Forget(Wait wait)
    {
        if (_waits.Remove(wait) && _waits.Count == 0)
        {
            SetTimer();
        }
    }

    private sealed record Heard(UnixSeconds BlockTime, TimeSpan At);

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
