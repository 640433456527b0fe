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
    // Stands for an attempt that went well and found that it is too early. Never leaves this class.
    private static readonly Exception NotYet = new InvalidOperationException("Not yet.");

    /// <summary>
    /// Asks the market until it answers, and notifies of the answer on the core scheduler. Only
    /// <see cref="MarketUnavailableException"/>, or no answer in time, is followed by another try.
    /// </summary>
    public IObservable<T> Ask<T>(Func<CancellationToken, Task<T>> question) => core.Call(question)
        .Timeout(options.AnswerDeadline, Unanswered<T>(), core)
        .RetryWhen(errors => errors.SelectMany((error, attempt) =>
            error is MarketUnavailableException ? Again(error, attempt) : Observable.Throw<long>(error)));

    /// <summary>Asks a port of the host's to do something until it succeeds.</summary>
    public IObservable<Unit> UntilDone(Func<CancellationToken, Task> work) => Persist(core.Call(work));

    /// <summary>Begins again, whatever fails.</summary>
    public IObservable<T> Persist<T>(IObservable<T> work) => work.RetryWhen(errors => errors.SelectMany(Again));

    /// <summary>Attempts something until it gives more than null; an attempt that fails counts as null.</summary>
    public IObservable<T> UntilDone<T>(Func<IObservable<T?>> attempt)
        where T : class =>
        Persist(Observable.Defer(attempt)
            .SelectMany(done => done is null ? Observable.Throw<T>(NotYet) : Observable.Return(done)));

    private IObservable<T> Unanswered<T>() => Observable.Throw<T>(
        new MarketUnavailableException($"The market has not answered within {options.AnswerDeadline}."));

    private IObservable<long> Again(Exception error, int attempt)
    {
        if (error != NotYet)
        {
            report(error);
        }

        var ceiling = Math.Min(
            options.LongestRetryDelay.Ticks, options.FirstRetryDelay.Ticks * Math.Pow(2, Math.Min(attempt, 30)));
        return Observable.Timer(TimeSpan.FromTicks((long)(ceiling * (0.5 + (0.5 * random.NextDouble())))), core);
    }
}
