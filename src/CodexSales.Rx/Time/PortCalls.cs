using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace CodexSales.Rx.Time;

/// <summary>Calls to the host's ports, whose answers come back to the core.</summary>
internal static class PortCalls
{
    /// <summary>Calls when subscribed to, and notifies of the answer on the core. Unsubscribing cancels the token.</summary>
    /// <remarks>
    /// The answer goes through <c>ObserveOn</c>: to give <c>FromAsync</c> the core would leave a cancelled call's last word on it after
    /// everything is disposed. The immediate scheduler keeps the answer on the thread that completes the task until then; without
    /// one, <c>FromAsync</c> takes it to the thread pool.
    /// </remarks>
    public static IObservable<T> Call<T>(this IScheduler core, Func<CancellationToken, Task<T>> port) =>
        Observable.FromAsync(port, ImmediateScheduler.Instance).ObserveOn(core);

    /// <inheritdoc cref="Call{T}(IScheduler, Func{CancellationToken, Task{T}})"/>
    public static IObservable<Unit> Call(this IScheduler core, Func<CancellationToken, Task> port) =>
        Observable.FromAsync(port, ImmediateScheduler.Instance).ObserveOn(core);
}
