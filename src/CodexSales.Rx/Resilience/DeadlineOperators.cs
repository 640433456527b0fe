using System.Reactive;

namespace CodexSales.Rx.Resilience;

internal static class DeadlineOperators
{
    /// <summary>Fails with a <see cref="DeadlineException"/> when the work is not over by its deadline. Then it is given up.</summary>
    /// <remarks><c>Timeout</c> asks for the next value by a deadline; this asks for the end.</remarks>
    public static IObservable<T> Within<T>(this IObservable<T> work, TimeSpan deadline, IScheduler core) =>
        work.TakeUntil(Observable.Timer(deadline, core)
            .SelectMany(_ => Observable.Throw<Unit>(new DeadlineException($"It was not over within {deadline}."))));
}
