namespace CodexSales.Rx.Caching;

internal sealed class ChangeSetSubscription<TItem, TKey, TCause>(
    ChangeDelivery<TItem, TKey, TCause> delivery,
    IObserver<ChangeSet<TItem, TKey, TCause>> observer,
    ChangeSet<TItem, TKey, TCause> snapshot)
    : CacheSubscription<TItem, TKey, TCause, ChangeSet<TItem, TKey, TCause>>(delivery, observer, snapshot)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public override void Next(ChangeSet<TItem, TKey, TCause> changes) => Notify(changes);
}

/// <summary>Gets the number of items where it is another one after a commit.</summary>
internal sealed class CountSubscription<TItem, TKey, TCause>(
    ChangeDelivery<TItem, TKey, TCause> delivery, IObserver<int> observer, int count)
    : CacheSubscription<TItem, TKey, TCause, int>(delivery, observer, count)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private int _count = count;

    public override void Next(ChangeSet<TItem, TKey, TCause> changes)
    {
        var count = _count;
        foreach (var change in changes)
        {
            count += change.Before is null ? 1 : change.After is null ? -1 : 0;
        }

        if (count != _count)
        {
            _count = count;
            Notify(count);
        }
    }
}

internal sealed class WatchSubscription<TItem, TKey, TCause>(
    ChangeDelivery<TItem, TKey, TCause> delivery,
    IObserver<WatchedItem<TItem, TCause>> observer,
    WatchedItem<TItem, TCause> state,
    TKey key)
    : CacheSubscription<TItem, TKey, TCause, WatchedItem<TItem, TCause>>(delivery, observer, state)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public override void Next(ChangeSet<TItem, TKey, TCause> changes)
    {
        foreach (var change in changes)
        {
            if (EqualityComparer<TKey>.Default.Equals(change.Key, key))
            {
                Notify(new(changes.Version, change.After, change.PositionAfter, change.Cause));
            }
        }
    }
}
