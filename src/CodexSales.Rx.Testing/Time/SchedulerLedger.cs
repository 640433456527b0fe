namespace CodexSales.Rx.Testing.Time;

/// <summary>
/// A scheduler in front of another one, which counts what waits there: whoever got this one must have left nothing when
/// it is over.
/// </summary>
/// <param name="inner">Where the work runs.</param>
public sealed class SchedulerLedger(IScheduler inner) : IScheduler, IServiceProvider
{
    /// <inheritdoc/>
    public DateTimeOffset Now => inner.Now;

    /// <summary>How many pieces of work wait for their time; those that were cancelled don't count.</summary>
    public int PendingCount { get; private set; }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        Add(run => inner.Schedule((Ledger: this, run, state, action), Run));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Add(run => inner.Schedule((Ledger: this, run, state, action), dueTime, Run));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Add(run => inner.Schedule((Ledger: this, run, state, action), dueTime, Run));

    // Whatever else Rx may ask a scheduler for would let work past the count.
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider)
        ? (inner as IServiceProvider)?.GetService(serviceType)
        : null;

    private Entry Add(Func<Entry, IDisposable> schedule)
    {
        PendingCount++;
        var entry = new Entry(this);
        entry.Work.Disposable = schedule(entry);
        return entry;
    }

    // What the work schedules in its turn is counted, too.
    private static IDisposable Run<TState>(
        IScheduler scheduler,
        (SchedulerLedger Ledger, Entry Entry, TState State, Func<IScheduler, TState, IDisposable> Action) work)
    {
        work.Entry.Close();
        return work.Action(work.Ledger, work.State);
    }

    private sealed class Entry(SchedulerLedger ledger) : IDisposable
    {
        private bool _isClosed;

        public SingleAssignmentDisposable Work { get; } = new();

        public void Close()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                ledger.PendingCount--;
            }
        }

        public void Dispose()
        {
            Close();
            Work.Dispose();
        }
    }
}
