using System.Reactive;
using CodexSales.Rx.Threading;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Resilience;

/// <summary>Trying again what failed for now: later each time, and not at the same moments as other hosts.</summary>
internal sealed class Retry(
    SellingOptions options, Random random, Action<Exception> report, PortWatch ports, IScheduler core)
{
    // The longest wait before work that hangs on blocks is tried again, or as long as a block takes: with each block more
    // nodes know the one that is asked about, and there is one chance less to be mined in a period.
    private static readonly TimeSpan LongestWaitForBlock = TimeSpan.FromSeconds(5);

    // Made once: every question has them.
    private Func<Exception, int, TimeSpan?>? _afterNoAnswer;
    private Func<Exception, int, TimeSpan?>? _afterNoAnswerAsOf;
    private Action? _afterAnswer;

    // Stands for an attempt that went well and found that it is too early. Never leaves this class.
    private static readonly Exception TooEarly = new InvalidOperationException("Not yet.");

    public Outgoing Outgoing { get; } = new(Core.On(core));

    /// <summary>Asks the market until it answers, and notifies of the answer on the core scheduler. Only
    /// <see cref="MarketUnavailableException"/>, or no answer before the deadline, is followed by another
    /// try.</summary>
    public IObservable<T> Ask<T>(Func<CancellationToken, Task<T>> question) =>
        Ask(question, _afterNoAnswer ??= (error, failures) => DelayAfterNoAnswer(error, failures, options.LongestRetryDelay));

    /// <summary>The same, as of the newest block that was told when it is asked for the first time, as far as that can
    /// be.</summary>
    public IObservable<T> AskAsOf<T>(ToldBlocks told, Func<BlockStamp, CancellationToken, Task<T>> question) =>
        Observable.Defer(() =>
        {
            var asOf = told.Head;
            return Ask(
                ct => question(asOf = told.AskAgain(asOf), ct),
                _afterNoAnswerAsOf ??= (error, failures) => DelayAfterNoAnswer(error, failures, WaitForBlock(told)));
        });

    /// <summary>Calls a port once, and notifies on the core scheduler of the answer, unless a reason says that it is none.</summary>
    public IObservable<T> Once<T>(
        HostPort port, Func<CancellationToken, Task<T>> call, TimeSpan deadline, Func<T, string?> whyNone) => new PortCall<T>(
        core, call, deadline, (error, _) => GiveUp(port, error), report, () => ports.NoteWorks(port), whyNone);

    /// <summary>Sends a transaction once, and notifies of its outcome on the core scheduler. It is never sent again by
    /// itself: the chain is asked first. One that is not sent is a failure of its sender.</summary>
    public IObservable<TransactionOutcome> Send(Func<CancellationToken, Task<TransactionOutcome>> transaction) => Outgoing.Count(
        new PortCall<TransactionOutcome>(
            core, transaction, options.TransactionDeadline, (error, _) => GiveUp(HostPort.Transactions, error), report)
            .Do(outcome =>
            {
                if (outcome is TransactionNotSent unsent)
                {
                    ports.NoteFailure(HostPort.Transactions, unsent.Detail);
                }
                else
                {
                    ports.NoteWorks(HostPort.Transactions);
                }
            }));

    /// <summary>The same for a transaction that can wait for the next process: none begins while this one comes to rest.</summary>
    public IObservable<TransactionOutcome> SendNew(Func<CancellationToken, Task<TransactionOutcome>> transaction) =>
        Observable.Defer(() => Outgoing.IsStopping ? Observable.Never<TransactionOutcome>() : Send(transaction));

    /// <summary>Has a port do something until it succeeds. Success at the first try says nothing of other work of the port
    /// that fails: data can be deleted from a disk that is full.</summary>
    public IObservable<Unit> UntilDone(HostPort port, Func<CancellationToken, Task> work) => Observable.Defer(() =>
    {
        var hasFailed = false;
        return new PortCall<Unit>(
            core,
            async cancellation =>
            {
                await work(cancellation).ConfigureAwait(false);
                return Unit.Default;
            },
            options.StorageDeadline,
            (error, failures) =>
            {
                hasFailed = true;
                ports.NoteFailure(port, error.Message);
                return DelayAfter(error, failures);
            },
            report,
            () =>
            {
                if (hasFailed)
                {
                    ports.NoteWorks(port);
                }
            });
    });

    /// <summary>An attempt that went well and found that it is too early: it is tried again, and is no trouble.</summary>
    public static IObservable<T> NotYet<T>() => Observable.Throw<T>(TooEarly);

    /// <summary>Begins again, whatever fails, after a while.</summary>
    public IObservable<T> RetryForever<T>(IObservable<T> work) => RetryAfter(work, DelayAfter);

    /// <summary>The same, of what must be done in the period that it is begun in.</summary>
    public IObservable<T> RetryInPeriod<T>(ToldBlocks told, IObservable<T> work) =>
        RetryAfter(work, (error, failures) => DelayAfter(error, failures, WaitForBlock(told)));

    /// <summary>Attempts something until it gives more than null; an attempt that fails counts as null.</summary>
    public IObservable<T> UntilDone<T>(Func<IObservable<T?>> attempt)
        where T : class =>
        RetryForever(Observable.Defer(attempt)
            .SelectMany(done => done is null ? NotYet<T>() : Observable.Return(done)));

    /// <summary>Notifies when it is time for another try, and completes; what was in the way is reported.</summary>
    public IObservable<Unit> After(string why, int failures) => Observable.Defer(() =>
        Observable.Timer(DelayAfter(new MarketUnavailableException(why), failures), core).Select(_ => Unit.Default));

    /// <summary>Tells of what can't be tried again.</summary>
    public void Alarm(string what) => report(new InvalidOperationException(what));

    /// <summary>Tells what a port has thrown, in its own words.</summary>
    public void Tell(Exception thrown) => report(thrown);

    private IObservable<T> RetryAfter<T>(IObservable<T> work, Func<Exception, int, TimeSpan> delayAfter) =>
        work.RetryWhen(errors => errors.Select(delayAfter).SelectMany(delay => Observable.Timer(delay, core)));

    private PortCall<T> Ask<T>(Func<CancellationToken, Task<T>> question, Func<Exception, int, TimeSpan?> afterNoAnswer) =>
        new PortCall<T>(
            core,
            question,
            options.AnswerDeadline,
            afterNoAnswer,
            report,
            _afterAnswer ??= () => ports.NoteWorks(HostPort.Market));

    private TimeSpan? GiveUp(HostPort port, Exception error)
    {
        ports.NoteFailure(port, error.Message);
        return null;
    }

    private TimeSpan? DelayAfterNoAnswer(Exception error, int failures, TimeSpan longest)
    {
        ports.NoteFailure(HostPort.Market, error.Message);
        return error is MarketUnavailableException or DeadlineException ? DelayAfter(error, failures, longest) : null;
    }

    private static TimeSpan WaitForBlock(ToldBlocks told) =>
        TimeSpan.FromSeconds(Math.Max(LongestWaitForBlock.TotalSeconds, told.BlockSeconds));

    private TimeSpan DelayAfter(Exception error, int failures) => DelayAfter(error, failures, options.LongestRetryDelay);

    private TimeSpan DelayAfter(Exception error, int failures, TimeSpan longest)
    {
        if (error != TooEarly)
        {
            report(error);
        }

        var ceiling = Math.Min(
            Math.Min(longest.Ticks, options.LongestRetryDelay.Ticks),
            options.FirstRetryDelay.Ticks * Math.Pow(2, Math.Min(failures, 30)));
        return TimeSpan.FromTicks((long)(ceiling * (0.5 + (0.5 * random.NextDouble()))));
    }
}
