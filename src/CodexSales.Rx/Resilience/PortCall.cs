using System.Diagnostics;

namespace CodexSales.Rx.Resilience;

/// <summary>
/// A call to one of the host's ports: made when subscribed to, made again as long as a failure allows that, and
/// answered on the core. Unsubscribing cancels the token and leaves nothing behind.
/// </summary>
/// <remarks>
/// One class in place of <c>FromAsync</c>, <c>ObserveOn</c>, <c>Timeout</c> and <c>RetryWhen</c>: a sale makes a dozen
/// such calls, a hosted slot several each period, and a chain of four operators costs thirty times as much as the call.
/// </remarks>
/// <param name="core">Where the answer arrives and time passes.</param>
/// <param name="make">The call. What it throws at once counts like a task that fails.</param>
/// <param name="deadline">How long one attempt may take before it fails with a <see cref="DeadlineException"/>.</param>
/// <param name="retryAfter">
/// After how long to try again, given the failure and how many there were before it; null to fail with it.
/// </param>
/// <param name="report">Told of what the port throws when it hears that nobody waits any more.</param>
/// <param name="succeeded">Told on the core when it is answered.</param>
/// <param name="whyNone">Why what came is no answer; null when it is one.</param>
internal sealed class PortCall<T>(
    IScheduler core,
    Func<CancellationToken, Task<T>> make,
    TimeSpan deadline,
    Func<Exception, int, TimeSpan?> retryAfter,
    Action<Exception> report,
    Action? succeeded = null,
    Func<T, string?>? whyNone = null)
    : Answer<T>
{
    public override IDisposable Subscribe(IObserver<T> observer)
    {
        var attempts = new Attempts(this, observer);
        attempts.Begin();
        return attempts;
    }

    private IScheduler Core => core;

    private TimeSpan Deadline => deadline;

    private void NoteSuccess() => succeeded?.Invoke();

    private void Report(Exception error) => report(error);

    private InvalidOperationException? WhyNone(T answer) =>
        whyNone?.Invoke(answer) is { } why ? new InvalidOperationException(why) : null;

    private TimeSpan? RetryAfter(Exception error, int failures) => retryAfter(error, failures);

    private Task<T> CallAsync(CancellationToken cancellation)
    {
        try
        {
            return make(cancellation);
        }
        catch (Exception thrown)
        {
            return Task.FromException<T>(thrown);
        }
    }

    private sealed class Attempts(PortCall<T> call, IObserver<T> observer) : IDisposable
    {
        // The attempt that is under way, or the wait for the next one.
        private readonly SerialDisposable _current = new();
        private int _failures;

        public void Begin()
        {
            var attempt = new Attempt(this, call.Core);
            _current.Disposable = attempt;
            attempt.Begin(call);
        }

        public void Dispose() => _current.Dispose();

        public void Report(Exception error) => call.Report(error);

        public void Answer(T answer)
        {
            if (call.WhyNone(answer) is { } fault)
            {
                Fail(fault);
                return;
            }

            call.NoteSuccess();
            observer.OnNext(answer);
            if (!_current.IsDisposed)
            {
                observer.OnCompleted();
                Dispose();
            }
        }

        public void Fail(Exception error)
        {
            _current.Disposable = Disposable.Empty;
            if (call.RetryAfter(error, _failures++) is { } delay)
            {
                _current.Disposable = call.Core.Schedule(delay, Begin);
            }
            else
            {
                observer.OnError(error);
            }
        }
    }

    // Once it has failed or is given up, nobody hears what the port says to it: the next attempt has an answer of its
    // own.
    private sealed class Attempt(Attempts attempts, IScheduler core) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly SingleAssignmentDisposable _answer = new();
        private IDisposable _deadline = Disposable.Empty;

        public void Begin(PortCall<T> call)
        {
            var answer = call.CallAsync(_cancellation.Token);
            if (answer.IsCompleted)
            {
                Answered(answer);
                return;
            }

            _deadline = core.Schedule(call.Deadline, () =>
                attempts.Fail(new DeadlineException($"There was no answer within {call.Deadline}.")));
            answer.ContinueWith(
                static (task, state) => ((Attempt)state!).Answered(task),
                this,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        public void Dispose()
        {
            // In this order: a port that takes the cancellation as an answer has nobody to tell it to any more.
            _answer.Dispose();
            _deadline.Dispose();
            try
            {
                _cancellation.Cancel();
            }
            catch (AggregateException thrown)
            {
                attempts.Report(thrown);
            }

            _cancellation.Dispose();
        }

        // On whatever thread completes the task.
        private void Answered(Task<T> task)
        {
            if (!_answer.IsDisposed)
            {
                // An answer that has come is not too late because the core is told of it at its deadline.
                _deadline.Dispose();
                _answer.Disposable = core.Schedule((Attempt: this, task), static (_, answered) =>
                {
                    answered.Attempt.Finish(answered.task);
                    return Disposable.Empty;
                });
            }
        }

        private void Finish(Task<T> task)
        {
            if (task.IsCompletedSuccessfully)
            {
                attempts.Answer(task.GetAwaiter().GetResult());
            }
            else
            {
                attempts.Fail(task.Exception?.InnerException ?? GivenUp(task));
            }
        }

        // A task that was cancelled tells only whoever awaits it what was thrown.
        private static OperationCanceledException GivenUp(Task<T> task)
        {
            try
            {
                task.GetAwaiter().GetResult();
                throw new UnreachableException();
            }
            catch (OperationCanceledException thrown)
            {
                return thrown;
            }
        }
    }
}
