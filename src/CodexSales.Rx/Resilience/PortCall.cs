namespace CodexSales.Rx.Resilience;

/// <summary>A call to one of the host's ports: made when subscribed to, made again as long as a failure allows that,
/// and answered on the core. Unsubscribing cancels the token and leaves nothing behind.</summary>
/// <param name="Core">Where the answer arrives and time passes.</param>
/// <param name="Make">The call. An exception that it throws at once counts like a task that fails.</param>
/// <param name="Deadline">How long one attempt may take before it fails with a <see cref="DeadlineException"/>.</param>
/// <param name="RetryAfter">After how long to try again, given the failure and how many there were before it; null to
/// fail with it.</param>
/// <param name="Report">Told of what the port throws when it hears that nobody waits any more.</param>
/// <param name="Succeeded">Told on the core when it is answered.</param>
/// <param name="WhyNone">Why what came is no answer; null when it is one.</param>
internal sealed record PortCall<T>(
    IScheduler Core,
    Func<CancellationToken, Task<T>> Make,
    TimeSpan Deadline,
    Func<Exception, int, TimeSpan?> RetryAfter,
    Action<Exception> Report,
    Action? Succeeded = null,
    Func<T, string?>? WhyNone = null)
    : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        var attempts = new Attempts(this, observer);
        attempts.Begin();
        return attempts;
    }

    private sealed class Attempts(PortCall<T> call, IObserver<T> observer) : IDisposable
    {
        // The attempt that is under way, or the wait for the next one.
        private readonly SerialDisposable _current = new();
        private int _failures;

        public void Begin()
        {
            var attempt = new Attempt(call, this);
            _current.Disposable = attempt;
            attempt.Begin();
        }

        public void Dispose() => _current.Dispose();

        public void Answer(T answer)
        {
            if (call.WhyNone?.Invoke(answer) is { } why)
            {
                Fail(new InvalidOperationException(why));
                return;
            }

            call.Succeeded?.Invoke();
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
    private sealed class Attempt(PortCall<T> call, Attempts attempts) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly SingleAssignmentDisposable _answer = new();
        private IDisposable _deadline = Disposable.Empty;

        public void Begin()
        {
            var answer = CallAsync();
            if (answer.IsCompleted)
            {
                Answered(answer);
                return;
            }

            _deadline = call.Core.Schedule(call.Deadline, () =>
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
                call.Report(thrown);
            }

            _cancellation.Dispose();
        }

        private Task<T> CallAsync()
        {
            try
            {
                return call.Make(_cancellation.Token);
            }
            catch (Exception thrown)
            {
                return Task.FromException<T>(thrown);
            }
        }

        // On whatever thread completes the task.
        private void Answered(Task<T> task)
        {
            if (!_answer.IsDisposed)
            {
                // An answer that has come is not too late because the core is told of it at its deadline.
                _deadline.Dispose();
                _answer.Disposable = call.Core.Schedule((Attempt: this, task), static (_, answered) =>
                {
                    answered.Attempt.Finish(answered.task);
                    return Disposable.Empty;
                });
            }
        }

        private void Finish(Task<T> task)
        {
            T answer;
            try
            {
                answer = task.GetAwaiter().GetResult();
            }
            catch (Exception failure)
            {
                attempts.Fail(failure);
                return;
            }

            attempts.Answer(answer);
        }
    }
}
