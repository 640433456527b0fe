using System.Reactive;

namespace CodexSales.Rx.Threading;

/// <summary>All that the pipeline publishes of one kind. Anyone may subscribe, from any thread; a subscriber that
/// throws is detached and reported, once the others have what it got. A subscription begins with a first value, if
/// there is one.</summary>
/// <remarks>Notifies on the core, of one value after the other. Unsubscribing waits for nobody.</remarks>
internal sealed class Publication<T>(Core core, Action<Exception> subscriberFailed, Func<T>? first = null) : IObservable<T>
{
    // Replaced as a whole: a subscriber may subscribe and unsubscribe while it is notified.
    private ImmutableArray<Subscription> _subscriptions = [];
    private Notification<T>? _end;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new Subscription(observer);
        core.Enter(() => Begin(subscription));
        return subscription;
    }

    /// <summary>Tells every subscriber. On the core.</summary>
    public void Tell(T value)
    {
        foreach (var subscription in _subscriptions)
        {
            Guard(subscription, static (subscriber, value) => subscriber.Next(value), value);
        }
    }

    /// <summary>Completes every subscriber, and each that comes later at once. On the core.</summary>
    public void Complete() => End(Notification.CreateOnCompleted<T>());

    /// <summary>Ends every subscriber with an error, and each that comes later at once. On the core.</summary>
    /// <returns>Whether one of them took it.</returns>
    public bool Fail(Exception error) => End(Notification.CreateOnError<T>(error));

    private bool End(Notification<T> end)
    {
        _end ??= end;
        var (ended, isTaken) = (_subscriptions, false);
        _subscriptions = [];
        foreach (var subscription in ended)
        {
            isTaken |= Guard(subscription, static (subscriber, end) => subscriber.End(end), _end);
        }

        return isTaken;
    }

    private void Begin(Subscription subscription)
    {
        _subscriptions = [.. _subscriptions.Where(each => each.IsActive), subscription];
        if (_end is not null)
        {
            End(_end);
        }
        else if (first is not null)
        {
            Guard(subscription, static (subscriber, first) => subscriber.Next(first()), first);
        }
    }

    private bool Guard<TState>(Subscription subscription, Action<Subscription, TState> notify, TState state)
    {
        try
        {
            notify(subscription, state);
            return true;
        }
        catch (Exception thrown)
        {
            subscription.Dispose();
            core.Follow(() => subscriberFailed(thrown));
            return false;
        }
    }

    private sealed class Subscription(IObserver<T> observer) : IDisposable
    {
        private IObserver<T>? _observer = observer;

        public bool IsActive => Volatile.Read(ref _observer) is not null;

        public void Next(T value) => Volatile.Read(ref _observer)?.OnNext(value);

        public void End(Notification<T> end)
        {
            if (Interlocked.Exchange(ref _observer, null) is { } observer)
            {
                end.Accept(observer);
            }
        }

        public void Dispose() => Volatile.Write(ref _observer, null);
    }
}
