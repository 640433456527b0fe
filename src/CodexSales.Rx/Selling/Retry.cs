using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Market;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

/// <summary>Trying again what failed for now: later each time, and not at the same moments as other hosts.</summary>
/// <param name="options">How long to wait.</param>
/// <param name="random">Spreads the repetitions.</param>
/// <param name="report">Told of everything that failed and is tried again.</param>
/// <param name="core">Where answers arrive and time passes.</param>
internal sealed class Retry(SellingOptions options, Random random, Action<Exception> report, IScheduler core)
{
    private static readonly Func<Exception, int, TimeSpan?> Never = (_, _) => null;

    // Made once: every call of a port has it.
    private Func<Exception, int, TimeSpan?>? _afterNoAnswer;

    // Stands for an attempt that went well and found that it is too early. Never leaves this class.
    private static readonly Exception NotYet = new InvalidOperationException("Not yet.");

    /// <summary>
    /// Asks the market until it answers, and notifies of the answer on the core scheduler. Only
    /// <see cref="MarketUnavailableException"/>, or no answer in time, is followed by another try.
    /// </summary>
    public Answer<T> Ask<T>(Func<CancellationToken, Task<T>> question) =>
        new PortCall<T>(core, question, options.AnswerDeadline, _afterNoAnswer ??= (error, failures) =>
            error is MarketUnavailableException or TimeoutException ? DelayAfter(error, failures) : null);

    /// <summary>Calls a port of the host's once, and notifies of the answer on the core scheduler.</summary>
    public IObservable<T> Once<T>(Func<CancellationToken, Task<T>> port, TimeSpan deadline) =>
        new PortCall<T>(core, port, deadline, Never);

    /// <summary>Asks storage to do something until it succeeds.</summary>
    public IObservable<Unit> UntilDone(Func<CancellationToken, Task> work) =>
        new PortCall<Unit>(
            core,
            async cancellation =>
            {
                await work(cancellation).ConfigureAwait(false);
                return Unit.Default;
            },
            options.StorageDeadline,
            (error, failures) => DelayAfter(error, failures));

    /// <summary>Begins again, whatever fails.</summary>
    public IObservable<T> Persist<T>(IObservable<T> work) => new Persistence<T>(core, work, DelayAfter);

    /// <summary>Attempts something until it gives more than null; an attempt that fails counts as null.</summary>
    public IObservable<T> UntilDone<T>(Func<IObservable<T?>> attempt)
        where T : class =>
        Persist(Observable.Defer(attempt)
            .SelectMany(done => done is null ? Observable.Throw<T>(NotYet) : Observable.Return(done)));

    private TimeSpan DelayAfter(Exception error, int failures)
    {
        if (error != NotYet)
        {
            report(error);
        }

        var ceiling = Math.Min(
            options.LongestRetryDelay.Ticks, options.FirstRetryDelay.Ticks * Math.Pow(2, Math.Min(failures, 30)));
        return TimeSpan.FromTicks((long)(ceiling * (0.5 + (0.5 * random.NextDouble()))));
    }
}
