namespace CodexSales.Rx.Testing.Time;

/// <summary>A scheduler in front of another one, which counts what waits there: at the end nothing may.</summary>
/// <param name="inner">Where the work runs.</param>
public sealed class SchedulerLedger(IScheduler inner) : IScheduler, IServiceProvider
{
    /// <inheritdoc/>
    public DateTimeOffset Now => inner.Now;

    /// <summary>The number of pieces of work that wait for their time; cancelled ones don't count.</summary>
    public int PendingCount { get; private set; }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        Add(entry => inner.Schedule((Ledger: this, entry, state, action), Run));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Add(entry => inner.Schedule((Ledger: this, entry, state, action), dueTime, Run));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Add(entry => inner.Schedule((Ledger: this, entry, state, action), dueTime, Run));

    // Other services that Rx may ask a scheduler for would let work past the count.
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider)
        ? (inner as IServiceProvider)?.GetService(serviceType)
        : null;

    private ICancelable Add(Func<IDisposable, IDisposable> schedule)
    {
        PendingCount++;
        var entry = Disposable.Create(() => PendingCount--);
        return StableCompositeDisposable.Create(entry, schedule(entry));
    }

    // Work that the work schedules is counted, too.
    private static IDisposable Run<TState>(
        IScheduler scheduler,
        (SchedulerLedger Ledger, IDisposable Entry, TState State, Func<IScheduler, TState, IDisposable> Action) work)
    {
        work.Entry.Dispose();
        return work.Action(work.Ledger, work.State);
    }
}
