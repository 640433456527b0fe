using System.Reactive;

namespace CodexSales.Rx.Resilience;

/// <summary>
/// Work that is begun again whenever it fails, after a while. It ends when the work does, never with an error.
/// </summary>
/// <remarks>
/// In place of <c>RetryWhen</c>: every state of every sale is watched over like this, hardly any fails, and
/// <c>RetryWhen</c> makes a subject, a queue and a timer factory for each.
/// </remarks>
/// <param name="core">Where time passes.</param>
/// <param name="work">The work.</param>
/// <param name="delayAfter">After how long to begin again, given the failure and how many there were before it.</param>
internal sealed class RetryForever<T>(
    IScheduler core, IObservable<T> work, Func<Exception, int, TimeSpan> delayAfter) : ObservableBase<T>
{
    protected override IDisposable SubscribeCore(IObserver<T> observer)
    {
        var attempts = new Attempts(this, observer);
        attempts.Begin();
        return attempts;
    }

    private IDisposable BeginAfter(Exception error, int failures, Action begin) =>
        core.Schedule(delayAfter(error, failures), begin);

    private IDisposable Begin(IObserver<T> attempt) => work.Subscribe(attempt);

    private sealed class Attempts(RetryForever<T> persistence, IObserver<T> observer) : IObserver<T>, IDisposable
    {
        // The attempt that is under way, or the wait for the next one.
        private readonly SerialDisposable _current = new();
        private int _failures;

        public void Begin()
        {
            // An attempt that fails at once has the next one in its place already.
            var begun = new SingleAssignmentDisposable();
            _current.Disposable = begun;
            begun.Disposable = persistence.Begin(this);
        }

        public void OnNext(T value) => observer.OnNext(value);

        public void OnCompleted() => observer.OnCompleted();

        public void OnError(Exception error) =>
            _current.Disposable = persistence.BeginAfter(error, _failures++, Begin);

        public void Dispose() => _current.Dispose();
    }
}
