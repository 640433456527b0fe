namespace CodexSales.Rx.Testing.Time;

/// <summary>A scheduler whose clock can be set while time goes on: timers and stop watches notice nothing.</summary>
/// <remarks>A timer for a moment of the clock is set to the span that is left until then, as the clock says.</remarks>
/// <param name="inner">Where the work runs.</param>
public sealed class ShiftedClock(IScheduler inner) : IScheduler, IServiceProvider
{
    private TimeSpan _shift;

    /// <summary>The clock's time.</summary>
    public DateTimeOffset Now => inner.Now + _shift;

    /// <summary>Sets the clock forward, or back by a negative span.</summary>
    public void Shift(TimeSpan by) => _shift += by;

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule((Clock: this, state, action), Run);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule((Clock: this, state, action), dueTime, Run);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule((Clock: this, state, action), dueTime - Now, Run);

    // Of what Rx may ask a scheduler for, only its stop watch does without the clock.
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider)
        ? (inner as IServiceProvider)?.GetService(serviceType)
        : null;

    // Work that the work schedules goes by the same clock.
    private static IDisposable Run<TState>(
        IScheduler scheduler,
        (ShiftedClock Clock, TState State, Func<IScheduler, TState, IDisposable> Action) work) =>
        work.Action(work.Clock, work.State);
}
