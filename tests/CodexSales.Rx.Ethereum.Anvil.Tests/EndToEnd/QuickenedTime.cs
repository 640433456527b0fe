using System.Reactive.Concurrency;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// Another scheduler, on which time passes several times as fast: what a pipeline waits for is there sooner.
/// </summary>
internal sealed class QuickenedTime(IScheduler inner, int factor) : IScheduler
{
    private readonly DateTimeOffset _begun = inner.Now;

    public DateTimeOffset Now => _begun + ((inner.Now - _begun) * factor);

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, passed) => action(this, passed));

    public IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime / factor, (_, passed) => action(this, passed));

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);
}
