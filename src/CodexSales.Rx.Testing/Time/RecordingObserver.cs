namespace CodexSales.Rx.Testing.Time;

/// <summary>Notes what an observable says and when, in virtual time.</summary>
/// <typeparam name="T">What is observed.</typeparam>
/// <remarks>Disposing it ends its subscription; what is noted stays.</remarks>
public sealed class RecordingObserver<T> : IObserver<T>, IDisposable
{
    private readonly VirtualTime _time;
    private readonly List<TimedValue<T>> _values = [];
    private IDisposable? _subscription;

    private RecordingObserver(VirtualTime time) => _time = time;

    /// <summary>Each value and when it came, in order.</summary>
    public IReadOnlyList<TimedValue<T>> Values => _values;

    /// <summary>The time at which the observable ended, well or badly; null as long as it goes on.</summary>
    public TimeSpan? EndedAt { get; private set; }

    /// <summary>The error that ended it, if one did.</summary>
    public Exception? Error { get; private set; }

    /// <summary>True once it has completed.</summary>
    public bool IsCompleted => EndedAt is not null && Error is null;

    /// <summary>Ends the subscription. May be called again.</summary>
    public void Dispose() => _subscription?.Dispose();

    void IObserver<T>.OnNext(T value)
    {
        ThrowIfEnded($"the value {value}");
        _values.Add(new TimedValue<T>(_time.Elapsed, value));
    }

    void IObserver<T>.OnError(Exception error)
    {
        ThrowIfEnded("an error");
        (EndedAt, Error) = (_time.Elapsed, error);
    }

    void IObserver<T>.OnCompleted()
    {
        ThrowIfEnded("a completion");
        EndedAt = _time.Elapsed;
    }

    internal static RecordingObserver<T> Of(VirtualTime time, IObservable<T> source)
    {
        var observer = new RecordingObserver<T>(time);
        observer._subscription = source.Subscribe(observer);
        return observer;
    }

    private void ThrowIfEnded(string what)
    {
        if (EndedAt is { } end)
        {
            throw new InvalidOperationException($"The observable ended at {end}, and says {what} at {_time.Elapsed}.");
        }
    }
}
