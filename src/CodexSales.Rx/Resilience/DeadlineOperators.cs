using System.Reactive;

namespace CodexSales.Rx.Resilience;

/// <summary>Deadlines of work.</summary>
internal static class DeadlineOperators
{
    /// <summary>
    /// Fails with a <see cref="DeadlineException"/> when the work is not over by its deadline. Then it is given up.
    /// </summary>
    /// <remarks>
    /// <c>Timeout</c> sets a timer for each notification, and makes an exception for each subscription: this sets one
    /// timer.
    /// </remarks>
    /// <param name="work">The work.</param>
    /// <param name="deadline">How long it may take from the subscription on.</param>
    /// <param name="core">Where time passes.</param>
    public static IObservable<T> Within<T>(this IObservable<T> work, TimeSpan deadline, IScheduler core) =>
        new WorkWithDeadline<T>(work, deadline, core);

    private sealed class WorkWithDeadline<T>(IObservable<T> work, TimeSpan deadline, IScheduler core)
        : ObservableBase<T>
    {
        protected override IDisposable SubscribeCore(IObserver<T> observer)
        {
            var timer = core.Schedule(
                deadline, () => observer.OnError(new DeadlineException($"It was not over within {deadline}.")));
            return StableCompositeDisposable.Create(timer, work.Subscribe(observer));
        }
    }
}
