using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Testing.Time;

/// <summary>The queue of scheduled work behind <see cref="VirtualTime"/>, taken one step at a time.</summary>
internal sealed class VirtualClock(DateTimeOffset start, long stepsPerMoment)
    : VirtualTimeSchedulerBase<DateTimeOffset, TimeSpan>(start, Comparer<DateTimeOffset>.Default)
{
    private const int SmallQueue = 64;

    // Work that was scheduled for a later moment. Cancelled work stays until its turn, or until most of it is cancelled.
    private readonly PriorityQueue<Work, (long Ticks, long Number)> _later = new();

    // Work for the very moment at which it was scheduled. All that became due at this moment was scheduled
    // before any of it.
    private readonly Queue<Work> _now = new();

    private long _scheduled;
    private long _stepsAtThisMoment;

    private int _cancelledLater;

    public int PendingCount { get; private set; }

    public DateTimeOffset? NextDue => TryPeek(out var next) ? next.DueTime : null;

    /// <summary>Runs the next piece of work at its time; false when there is none.</summary>
    public bool Step()
    {
        if (!TryPeek(out var next))
        {
            return false;
        }

        MoveTo(next.DueTime);
        if (++_stepsAtThisMoment > stepsPerMoment)
        {
            throw new InvalidOperationException(
                $"More than {stepsPerMoment} steps at {Clock:O} without that the clock moved on: an endless loop.");
        }

        if (next.IsLater)
        {
            _later.Dequeue();
        }
        else
        {
            _now.Dequeue();
        }

        next.Invoke();
        return true;
    }

    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > Clock)
        {
            Clock = moment;
            _stepsAtThisMoment = 0;
        }
    }

    public override IDisposable ScheduleAbsolute<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        var isLater = dueTime > Clock;
        var work = new Work<TState>(this, isLater, isLater ? dueTime : Clock, state, action);
        PendingCount++;
        if (isLater)
        {
            _later.Enqueue(work, (dueTime.UtcTicks, _scheduled++));
        }
        else
        {
            _now.Enqueue(work);
        }

        return work;
    }

    // Only the base class's own ways to advance ask for it; they know neither the limit nor how to take work off the
    // queue.
    protected override IScheduledItem<DateTimeOffset> GetNext() => throw new NotSupportedException("Call Step.");

    protected override DateTimeOffset Add(DateTimeOffset absolute, TimeSpan relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(DateTimeOffset absolute) => absolute;

    protected override TimeSpan ToRelative(TimeSpan timeSpan) => timeSpan;

    private bool TryPeek([NotNullWhen(true)] out Work? next)
    {
        while (_later.TryPeek(out next, out _) && !next.IsWaiting)
        {
            _later.Dequeue();
            _cancelledLater--;
        }

        if (next is not null && next.DueTime <= Clock)
        {
            return true;
        }

        while (_now.TryPeek(out var now))
        {
            if (now.IsWaiting)
            {
                next = now;
                return true;
            }

            _now.Dequeue();
        }

        return next is not null;
    }

    private void Forget(Work cancelled)
    {
        PendingCount--;
        _cancelledLater += cancelled.IsLater ? 1 : 0;
        if (_later.Count > SmallQueue && 2 * _cancelledLater > _later.Count)
        {
            var waiting = _later.UnorderedItems.Where(item => item.Element.IsWaiting).ToArray();
            _later.Clear();
            _later.EnqueueRange(waiting);
            _cancelledLater = 0;
        }
    }

    private abstract class Work(VirtualClock clock, bool isLater, DateTimeOffset dueTime) : IDisposable
    {
        private IDisposable? _running;
        private bool _isCancelled;

        public bool IsLater => isLater;

        public DateTimeOffset DueTime => dueTime;

        public bool IsWaiting { get; private set; } = true;

        protected VirtualClock Clock => clock;

        public void Invoke()
        {
            IsWaiting = false;
            clock.PendingCount--;
            _running = Run();
            if (_isCancelled)
            {
                _running.Dispose();
            }
        }

        // Work that has run is still cancelled: that disposes what it returned.
        public void Dispose()
        {
            _isCancelled = true;
            if (IsWaiting)
            {
                IsWaiting = false;
                clock.Forget(this);
            }

            _running?.Dispose();
        }

        protected abstract IDisposable Run();
    }

    private sealed class Work<TState>(
        VirtualClock clock,
        bool isLater,
        DateTimeOffset dueTime,
        TState state,
        Func<IScheduler, TState, IDisposable> action) : Work(clock, isLater, dueTime)
    {
        protected override IDisposable Run() => action(Clock, state);
    }
}
