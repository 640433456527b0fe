namespace CodexSales.Rx.Testing.Ports;

/// <summary>Notes what an observable of a port says, from whatever thread, and how it breaks the rules of observables.</summary>
internal sealed class Watched<T> : IObserver<T>, IDisposable
{
    private readonly PortCheck _check;
    private readonly string _call;
    private readonly List<T> _values = [];
    private readonly IDisposable? _subscription;
    private int _inside;
    private volatile bool _isOver;
    private volatile bool _isLeft;

    public Watched(PortCheck check, string call, Func<IObservable<T>> source)
    {
        (_check, _call) = (check, call);
        try
        {
            _subscription = (source() ?? throw check.Fail(PortRule.GivesATask, call, "it gives null in place of an observable"))
                .Subscribe(this);
        }
        catch (Exception thrown) when (!PortCheck.IsNoted(thrown))
        {
            throw check.Fail(PortRule.FailsItsTask, call, $"it throws {thrown.GetType().Name}: {thrown.Message}");
        }
    }

    public bool IsCompleted { get; private set; }

    public Exception? Error { get; private set; }

    public bool IsOver => IsCompleted || Error is not null;

    public IReadOnlyList<T> Values
    {
        get
        {
            lock (_values)
            {
                return [.. _values];
            }
        }
    }

    public void OnNext(T value) => Hear("a value", () =>
    {
        lock (_values)
        {
            _values.Add(value);
        }
    });

    public void OnError(Exception error) => Hear("an error", () => (_isOver, Error) = (true, error));

    public void OnCompleted() => Hear("its completion", () => (_isOver, IsCompleted) = (true, true));

    /// <summary>What was on its way as nobody listened any more has come: from now on nothing may.</summary>
    public void ExpectSilence() => _isLeft = true;

    public void Dispose()
    {
        try
        {
            _subscription?.Dispose();
        }
        catch (Exception thrown)
        {
            _check.Note(PortRule.StopsWhenLeft, _call, $"to leave it throws {thrown.GetType().Name}: {thrown.Message}");
        }
    }

    private void Hear(string what, Action note)
    {
        if (Interlocked.Exchange(ref _inside, 1) != 0 || _isOver)
        {
            _check.Note(
                PortRule.NotifiesOneAtATime, _call, $"it tells {what} {(_isOver ? "after its end" : "while it tells something else")}");
        }

        if (_isLeft)
        {
            _check.Note(PortRule.StopsWhenLeft, _call, $"it tells {what} after nobody listens any more");
        }

        note();
        Volatile.Write(ref _inside, 0);
    }
}
