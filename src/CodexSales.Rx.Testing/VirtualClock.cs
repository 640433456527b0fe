using System.Reactive.Concurrency;

namespace CodexSales.Rx.Testing;

/// <summary>The queue of scheduled work behind <see cref="VirtualTime"/>, taken one step at a time.</summary>
internal sealed class VirtualClock(DateTimeOffset start, long stepsPerMoment)
    : VirtualTimeSchedulerBase<DateTimeOffset, TimeSpan>(start, Comparer<DateTimeOffset>.Default)
{
    // A set and not a heap: cancelled work leaves at once, so that what is pending can be counted.
    private readonly SortedSet<Entry> _pending = new(Entry.Order);

    private long _scheduled;
    private long _stepsAtThisMoment;

    public int PendingCount => _pending.Count;

    public DateTimeOffset? NextDue => _pending.Count == 0 ? null : _pending.Min.Due;

    /// <summary>Runs the next piece of work at its time; false when there is none.</summary>
    public bool Step()
    {
        if (_pending.Count == 0)
        {
            return false;
        }

        var next = _pending.Min;
        MoveTo(next.Due);
        if (++_stepsAtThisMoment > stepsPerMoment)
        {
            throw new InvalidOperationException(
                $"More than {stepsPerMoment} steps at {Clock:O} without that the clock moved on: an endless loop.");
        }

        _pending.Remove(next);
        next.Item.Invoke();
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
        var due = dueTime > Clock ? dueTime : Clock;
        var item = new ScheduledItem<DateTimeOffset, TState>(this, state, action, due);
        var entry = new Entry(due, _scheduled++, item);
        _pending.Add(entry);
        return new Cancellation(this, entry, item);
    }

    // Only the base class's own ways to advance ask for it; they know neither the limit nor when to take work off the queue.
    protected override IScheduledItem<DateTimeOffset> GetNext() => throw new NotSupportedException("Call Step.");

    protected override DateTimeOffset Add(DateTimeOffset absolute, TimeSpan relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(DateTimeOffset absolute) => absolute;

    protected override TimeSpan ToRelative(TimeSpan timeSpan) => timeSpan;

    private readonly record struct Entry(DateTimeOffset Due, long Number, IScheduledItem<DateTimeOffset> Item)
    {
        public static readonly Comparer<Entry> Order = Comparer<Entry>.Create((left, right) =>
        {
            var order = left.Due.UtcTicks.CompareTo(right.Due.UtcTicks);
            return order != 0 ? order : left.Number.CompareTo(right.Number);
        });
    }

    // Disposing the item also disposes what its work returned, so it must reach the item after it ran, too.
    private sealed class Cancellation(VirtualClock clock, Entry entry, IDisposable item) : IDisposable
    {
        public void Dispose()
        {
            clock._pending.Remove(entry);
            item.Dispose();
        }
    }
}
