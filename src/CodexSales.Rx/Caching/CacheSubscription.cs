namespace CodexSales.Rx.Caching;

/// <summary>One subscription to a cache. Only the thread that delivers calls it, one call at a time.</summary>
internal abstract class CacheSubscription<TItem, TKey, TCause>(
    ChangeDelivery<TItem, TKey, TCause> delivery) : IDisposable
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public abstract bool IsActive { get; }

    /// <summary>Notifies what was caught at the moment of subscribing.</summary>
    public abstract void Begin();

    /// <summary>Notifies what the subscriber wants to know of a commit.</summary>
    public abstract void Next(ChangeSet<TItem, TKey, TCause> changes);

    public abstract void Complete();

    /// <summary>Ends the subscription: no notification begins after it.</summary>
    public void Dispose()
    {
        if (TryEnd())
        {
            delivery.Forget();
        }
    }

    /// <summary>Becomes inactive; false when it is that already.</summary>
    protected abstract bool TryEnd();
}

/// <summary>A subscription that begins with a value, and goes on with those that a commit gives.</summary>
internal abstract class CacheSubscription<TItem, TKey, TCause, TValue>(
    ChangeDelivery<TItem, TKey, TCause> delivery, IObserver<TValue> observer, TValue first)
    : CacheSubscription<TItem, TKey, TCause>(delivery)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private IObserver<TValue>? _observer = observer;

    public sealed override bool IsActive => Volatile.Read(ref _observer) is not null;

    public sealed override void Begin() => Notify(first);

    public sealed override void Complete() => Interlocked.Exchange(ref _observer, null)?.OnCompleted();

    protected void Notify(TValue value) => Volatile.Read(ref _observer)?.OnNext(value);

    protected sealed override bool TryEnd() => Interlocked.Exchange(ref _observer, null) is not null;
}
