using System.Reactive;

namespace CodexSales.Rx.Testing.Ports;

/// <summary>Notes what an observable of a port says, from whatever thread, and how it breaks the rules of observables.</summary>
internal sealed class Watched<T> : IDisposable
{
    private readonly PortCheck _check;
    private readonly string _call;
    private readonly List<T> _values = [];
    private readonly IDisposable? _subscription;
    private volatile bool _isLeft;

    public Watched(PortCheck check, string call, Func<IObservable<T>> source)
    {
        (_check, _call) = (check, call);
        var notes = Observer.Create<T>(
            value => Hear("a value", () => _values.Add(value)),
            error => Hear("an error", () => Error = error),
            () => Hear("its completion", () => IsCompleted = true));
        try
        {
            _subscription = (source() ?? throw check.Fail(PortRule.GivesATask, call, "it gives null in place of an observable"))
                .Subscribe(new SerialObserver<T>(notes, how => check.Note(PortRule.NotifiesOneAtATime, call, $"it {how}")));
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

    /// <summary>Notifications that were on their way when it was disposed of have come: no more may.</summary>
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
        if (_isLeft)
        {
            _check.Note(PortRule.StopsWhenLeft, _call, $"it tells {what} after nobody listens any more");
        }

        lock (_values)
        {
            note();
        }
    }
}
