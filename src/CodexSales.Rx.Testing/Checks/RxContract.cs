using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>Checks what every observable promises.</summary>
public static class RxContract
{
    /// <summary>
    /// The same observable, checked: it notifies one at a time, and after its end says nothing more. A notification
    /// inside of another one, from the same thread, counts as two at a time.
    /// </summary>
    /// <remarks>
    /// The exception is thrown into whoever notifies, and what comes after it is checked no more. Threading: for any
    /// thread; that is what is checked.
    /// </remarks>
    /// <exception cref="ContractViolationException">Out of a notification that must not come.</exception>
    public static IObservable<T> AssertRxContract<T>(this IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Create<T>(observer => source.Subscribe(new Checked<T>(observer)));
    }

    private sealed class Checked<T>(IObserver<T> observer) : IObserver<T>
    {
        private int _inside;
        private bool _hasEnded;

        public void OnNext(T value) => Pass(() => $"the value {value}", false, () => observer.OnNext(value));

        public void OnError(Exception error) =>
            Pass(() => $"the error {error.Message}", true, () => observer.OnError(error));

        public void OnCompleted() => Pass(() => "completion", true, observer.OnCompleted);

        // What is said is put into words only where it must not be.
        private void Pass(Func<string> what, bool isEnd, Action pass)
        {
            if (Interlocked.Exchange(ref _inside, 1) != 0)
            {
                throw new ContractViolationException(
                    $"An observable notifies of {what()} while it notifies of something else.");
            }

            if (_hasEnded)
            {
                throw new ContractViolationException($"An observable notifies of {what()} after its end.");
            }

            _hasEnded = isEnd;
            pass();
            Volatile.Write(ref _inside, 0);
        }
    }
}
