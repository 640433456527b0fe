using System.Reactive.Concurrency;

namespace CodexSales.Rx.Testing;

/// <summary>The queue of scheduled work behind <see cref="VirtualTime"/>, taken one step at a time.</summary>
internal sealed class VirtualClock(DateTimeOffset start, long stepsPerMoment)
    : VirtualTimeSchedulerBase<DateTimeOffset, TimeSpan>(start, Comparer<DateTimeOffset>.Default)
{
    private const int SmallQueue = 64;

    // Cancelled work stays in the queue until its turn, or until most of the queue is cancelled.
    private PriorityQueue<Work, (long Ticks, long Number)> _queue = new();

    private long _scheduled;
    private long _stepsAtThisMoment;

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

        _queue.Dequeue();
        EndWait(next);
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
        var work = new Work<TState>(this, state, dueTime > Clock ? dueTime : Clock, action);
        _queue.Enqueue(work, (work.DueTime.UtcTicks, _scheduled++));
        PendingCount++;
        return work;
    }

    // Only the base class's own ways to advance ask for it; they know neither the limit nor how to take work off the
    // queue.
    protected override IScheduledItem<DateTimeOffset> GetNext() => throw new NotSupportedException("Call Step.");

    protected override DateTimeOffset Add(DateTimeOffset absolute, TimeSpan relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(DateTimeOffset absolute) => absolute;

    protected override TimeSpan ToRelative(TimeSpan timeSpan) => timeSpan;

    private bool TryPeek(out Work next)
    {
        while (_queue.TryPeek(out next!, out _))
        {
            if (next.IsWaiting)
            {
                return true;
            }

            _queue.Dequeue();
        }

        return false;
    }

    private void EndWait(Work work)
    {
        work.IsWaiting = false;
        PendingCount--;
        if (_queue.Count > SmallQueue && _queue.Count > 2 * PendingCount)
        {
            _queue = new(_queue.UnorderedItems.Where(item => item.Element.IsWaiting));
        }
    }

    private abstract class Work(VirtualClock clock, DateTimeOffset due)
        : ScheduledItem<DateTimeOffset>(due, Comparer<DateTimeOffset>.Default), IDisposable
    {
        public bool IsWaiting { get; set; } = true;

        protected VirtualClock Clock => clock;

        // Work that has run is still cancelled: that disposes what it returned.
        void IDisposable.Dispose()
        {
            if (IsWaiting)
            {
                clock.EndWait(this);
            }

            Cancel();
        }
    }

    private sealed class Work<TState>(
        VirtualClock clock, TState state, DateTimeOffset due, Func<IScheduler, TState, IDisposable> action)
        : Work(clock, due)
    {
        protected override IDisposable InvokeCore() => action(Clock, state);
    }
}
