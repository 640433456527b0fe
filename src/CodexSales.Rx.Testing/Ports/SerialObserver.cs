namespace CodexSales.Rx.Testing.Ports;

/// <summary>Passes notifications on, and says where they break the rules of Rx. For any thread.</summary>
internal sealed class SerialObserver<T>(IObserver<T> observer, Action<string> broken) : IObserver<T>
{
    private int _inside;
    private volatile bool _hasEnded;

    public void OnNext(T value) => Pass(() => $"the value {value}", false, () => observer.OnNext(value));

    public void OnError(Exception error) =>
        Pass(() => $"the error {error.Message}", true, () => observer.OnError(error));

    public void OnCompleted() => Pass(() => "completion", true, observer.OnCompleted);

    // A notification is put into words only where it must not be.
    private void Pass(Func<string> what, bool isEnd, Action pass)
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0)
        {
            broken($"notifies of {what()} while it notifies of something else");
        }

        if (_hasEnded)
        {
            broken($"notifies of {what()} after its end");
        }

        _hasEnded |= isEnd;
        pass();
        Volatile.Write(ref _inside, 0);
    }
}
