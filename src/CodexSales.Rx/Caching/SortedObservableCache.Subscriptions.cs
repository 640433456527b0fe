using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <content>What can be subscribed to.</content>
public sealed partial class SortedObservableCache<TItem, TKey, TCause>
{
    /// <summary>The number of items: first the current one, then each other one after a commit.</summary>
    public IObservable<int> CountChanged => Observe<int>(observer =>
        new CountSubscription<TItem, TKey, TCause>(_delivery, observer, CommittedUnderGate.Count));

    /// <summary>First one snapshot in order, also when it is empty; then each commit, none lost, none twice.</summary>
    /// <remarks>See the table of the class for what is notified. A subscription costs O(n) once.</remarks>
    public IObservable<ChangeSet<TItem, TKey, TCause>> Connect() => Observe<ChangeSet<TItem, TKey, TCause>>(observer =>
        new ChangeSetSubscription<TItem, TKey, TCause>(_delivery, observer, SnapshotChangesUnderGate()));

    /// <summary>The items for which a predicate is true, as a cache of its own would publish them.</summary>
    /// <param name="predicate">
    /// Asked once for each item that comes, outside of any lock. It should always say the same of the same item. What
    /// it or the comparer throws ends the subscription with that error.
    /// </param>
    /// <remarks>
    /// <para>Positions are those in the filtered list. Commits that change nothing in it are left out.</para>
    /// <list type="table">
    /// <listheader><term>In the cache</term><description>In the view</description></listheader>
    /// <item><term>Subscription</term><description>
    /// One snapshot of what matches, also when nothing does.
    /// </description></item>
    /// <item><term>Added</term><description>Added where it matches.</description></item>
    /// <item><term>Updated or Moved</term><description>
    /// Updated or Moved where both items match, Added where only the new one does, Removed where only the old one did.
    /// </description></item>
    /// <item><term>Removed</term><description>Removed where it had matched.</description></item>
    /// </list>
    /// <para>
    /// Cost: O(n) once, then O(log m) for each change of a matching item; 8 bytes for each of the m items that match.
    /// </para>
    /// </remarks>
    public IObservable<ChangeSet<TItem, TKey, TCause>> Connect(Func<TItem, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return FilteredView<TItem, TKey, TCause>.Of(Connect(), predicate);
    }

    /// <summary>The first n items. See <see cref="ChangeSetExtensions.Top"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public IObservable<ChangeSet<TItem, TKey, TCause>> Top(int count) => Connect().Top(count);

    /// <summary>The state of one key: now, also when there is no such item, and after each change of it.</summary>
    /// <remarks>
    /// A subscription costs O(log n) once, and for each commit O(its changes). To follow many keys, use one
    /// <see cref="Connect()"/>.
    /// </remarks>
    public IObservable<WatchedItem<TItem, TCause>> Watch(TKey key) => Observe<WatchedItem<TItem, TCause>>(observer =>
    {
        var state = CommittedUnderGate.TryGet(key, out var item)
            ? new WatchedItem<TItem, TCause>(_version, item, _contents.PositionOf(key), _snapshotCause)
            : new WatchedItem<TItem, TCause>(_version, null, -1, _snapshotCause);
        return new WatchSubscription<TItem, TKey, TCause>(_delivery, observer, state, key);
    });

    private CacheObservable<TValue> Observe<TValue>(
        Func<IObserver<TValue>, CacheSubscription<TItem, TKey, TCause>> beginUnderGate) => new(observer =>
    {
        CacheSubscription<TItem, TKey, TCause>? subscription;
        ChangeDelivery<TItem, TKey, TCause>.Message beginning;
        bool delivers;
        lock (_gate)
        {
            ThrowIfEditing();
            subscription = _isDisposed ? null : beginUnderGate(observer);
            beginning = new(null, subscription);
            delivers = subscription is not null && _delivery.BeginUnderGate(ref beginning);
        }

        if (subscription is null)
        {
            observer.OnCompleted();
            return Disposable.Empty;
        }

        if (delivers)
        {
            _delivery.Deliver(beginning);
        }

        return subscription;
    });

    private SnapshotOf<TItem, TKey, TCause> SnapshotChangesUnderGate() => new(
        _version, _schema, ImmutableCollectionsMarshal.AsArray(SnapshotUnderGate().Items) ?? [], _snapshotCause);
}
