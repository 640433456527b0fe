namespace CodexSales.Rx.Caching;

/// <summary>Gathers changes while the subscriber is busy or resting, and hands them over as one set.</summary>
internal sealed class Conflation<TItem, TKey, TCause>(
    IObserver<ChangeSet<TItem, TKey, TCause>> observer, IScheduler scheduler, TimeSpan interval)
    : IObserver<ChangeSet<TItem, TKey, TCause>>, IDisposable
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Lock _gate = new();
    private readonly SerialDisposable _scheduled = new();
    private readonly ConflatedList<TItem, TKey, TCause> _list = new();

    // Under the gate.
    private Action? _end;
    private Subscriber _subscriber = Subscriber.Ready;

    private enum Subscriber
    {
        /// <summary>Nothing waits for it, nothing is scheduled.</summary>
        Ready,

        /// <summary>It is being notified or will be at once.</summary>
        Busy,

        /// <summary>It was notified, and the interval is not over.</summary>
        Resting,
    }

    public IDisposable Run(IObservable<ChangeSet<TItem, TKey, TCause>> source) =>
        StableCompositeDisposable.Create(source.Subscribe(this), this);

    public void Dispose() => _scheduled.Dispose();

    public void OnNext(ChangeSet<TItem, TKey, TCause> value)
    {
        _list.Add(value);
        Wake(Subscriber.Ready);
    }

    public void OnError(Exception error) => End(() => observer.OnError(error));

    public void OnCompleted() => End(observer.OnCompleted);

    private void End(Action end)
    {
        lock (_gate)
        {
            _end = end;
        }

        Wake(Subscriber.Ready);
        Wake(Subscriber.Resting);
    }

    private void Wake(Subscriber when)
    {
        lock (_gate)
        {
            if (_subscriber != when)
            {
                return;
            }

            _subscriber = Subscriber.Busy;
        }

        Schedule(TimeSpan.Zero, Notify);
    }

    private void Notify()
    {
        // Before the changes are taken: all that came before the end is among them.
        Action? end;
        lock (_gate)
        {
            end = _end;
        }

        if (_list.Take() is { } set)
        {
            observer.OnNext(set);
        }

        if (end is not null)
        {
            end();
        }
        else
        {
            Rest();
        }
    }

    private void Rest()
    {
        lock (_gate)
        {
            _subscriber = Subscriber.Resting;
        }

        if (interval > TimeSpan.Zero)
        {
            Schedule(interval, WakeUp);
        }
        else
        {
            WakeUp();
        }
    }

    private void WakeUp()
    {
        lock (_gate)
        {
            if (_subscriber == Subscriber.Resting && _list.IsUpToDate && _end is null)
            {
                _subscriber = Subscriber.Ready;
            }
        }

        Wake(Subscriber.Resting);
    }

    private void Schedule(TimeSpan due, Action action)
    {
        // In place before the action runs, which some schedulers do at once, and which may schedule the next one.
        var next = new SingleAssignmentDisposable();
        _scheduled.Disposable = next;
        next.Disposable = scheduler.Schedule(due, action);
    }
}
