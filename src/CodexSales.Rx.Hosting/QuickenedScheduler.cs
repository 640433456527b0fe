namespace CodexSales.Rx.Hosting;

/// <summary>Another scheduler, on which time passes several times as fast: for a market that is simulated.</summary>
internal sealed class QuickenedScheduler(IScheduler inner, int factor) : IScheduler
{
    private readonly DateTimeOffset _begun = inner.Now;

    /// <inheritdoc/>
    public DateTimeOffset Now => _begun + ((inner.Now - _begun) * factor);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, passed) => action(this, passed));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime / factor, (_, passed) => action(this, passed));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);
}
