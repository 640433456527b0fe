using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace CodexSales.Rx.Working;

/// <summary>The stage between queue and sales: a bounded number of workers, each busy with one acquisition at a time.</summary>
internal static class WorkerOperators
{
    /// <summary>
    /// Gives each free worker the best work there is at that moment. What is merged are tickets, not work: <c>Merge</c> takes them
    /// in the order in which they came, and only a ticket that is redeemed chooses its work.
    /// </summary>
    /// <param name="takeable">How much work a worker could take, after each change of it.</param>
    /// <param name="workers">The most acquisitions at once; none with 0.</param>
    /// <param name="startBest">Takes the best work and gives what doing it notifies of; null when there is none left.</param>
    /// <remarks>
    /// There are never more tickets outstanding than there was work at some moment. A ticket whose work is gone is stale and completes
    /// on the trampoline of the current thread: in a row they would otherwise recurse inside <c>Merge</c> and overflow the stack.
    /// </remarks>
    public static IObservable<T> OccupyWorkers<T>(
        this IObservable<int> takeable, int workers, Func<IObservable<T>?> startBest) =>
        workers == 0 ? takeable.SelectMany(_ => Array.Empty<T>()) : Observable.Defer(() =>
        {
            var outstanding = 0;
            var ticket = Observable.Defer(() =>
            {
                outstanding--;
                return startBest() ?? Observable.Empty<T>(CurrentThreadScheduler.Instance);
            });
            return takeable
                .SelectMany(count =>
                {
                    var missing = Math.Max(0, count - outstanding);
                    outstanding += missing;
                    return Enumerable.Repeat(ticket, missing);
                })
                .Merge(workers);
        });
}
