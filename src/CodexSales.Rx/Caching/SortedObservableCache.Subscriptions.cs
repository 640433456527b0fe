using System.Reactive;
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
    public IObservable<ChangeSet<TItem, TKey, TCause>> Connect() =>
        Observe<ChangeSet<TItem, TKey, TCause>>(BeginUnderGate);

    /// <summary>The same for a reader that asks, such as a web client's stream.</summary>
    /// <param name="cancellationToken">Ends it: the reader gets an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>See <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>.</remarks>
    public IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> ConnectAsync(CancellationToken cancellationToken = default) =>
        ChangeSetReader<TItem, TKey, TCause>.Read(Connect(), cancellationToken);

    /// <summary>The items for which a predicate is true, as a cache of its own would publish them.</summary>
    /// <param name="predicate">
    /// Asked once for each item that comes, outside of any lock. It should always say the same of the same item. An
    /// exception from it or from the comparer ends the subscription with that error.
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

    /// <summary>The same for a predicate that changes, such as a search that somebody types.</summary>
    /// <param name="predicates">
    /// The one that holds from now on, each time. Nothing is notified before the first one; after their end the last one
    /// holds, and their error ends the subscription.
    /// </param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>What happens</term><description>In the view</description></listheader>
    /// <item><term>The first predicate</term><description>
    /// One snapshot of what matches, also when nothing does.
    /// </description></item>
    /// <item><term>Another predicate</term><description>
    /// One change set: Removed for each item that matches no longer, Added for each that begins to, with the cache's
    /// snapshot cause and the number of the last commit; nothing where it matches the same items.
    /// </description></item>
    /// <item><term>A commit</term><description>As with one predicate.</description></item>
    /// </list>
    /// <para>
    /// A predicate takes its turn between two commits, and is delivered as a commit is: by the thread that gives it,
    /// unless another one is delivering already. Cost: as with one predicate, and O(n) for each predicate; 8 bytes for
    /// each item of the whole cache, which may begin to match.
    /// </para>
    /// </remarks>
    public IObservable<ChangeSet<TItem, TKey, TCause>> Connect(IObservable<Func<TItem, bool>> predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        return new CacheObservable<ChangeSet<TItem, TKey, TCause>>(observer =>
        {
            var subscription = Begin<ChangeSet<TItem, TKey, TCause>>(observer, BeginUnderGate);
            return subscription is null ? Disposable.Empty : StableCompositeDisposable.Create(
                subscription,
                predicates.Materialize()
                    .Where(told => told.Kind != NotificationKind.OnCompleted)
                    .Subscribe(told => Tell(subscription, told)));
        }).Through(() => new RefilteredView<TItem, TKey, TCause>().Apply);
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
        Func<IObserver<TValue>, CacheSubscription<TItem, TKey, TCause>> beginUnderGate) =>
        new(observer => (IDisposable?)Begin(observer, beginUnderGate) ?? Disposable.Empty);

    /// <summary>Begins a subscription; null after the end of the cache, which the observer is told.</summary>
    private CacheSubscription<TItem, TKey, TCause>? Begin<TValue>(
        IObserver<TValue> observer, Func<IObserver<TValue>, CacheSubscription<TItem, TKey, TCause>> beginUnderGate)
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
            return null;
        }

        if (delivers)
        {
            _delivery.Deliver(beginning);
        }

        return subscription;
    }

    private void Tell(CacheSubscription<TItem, TKey, TCause> subscription, Notification<Func<TItem, bool>> told)
    {
        ChangeDelivery<TItem, TKey, TCause>.Message message;
        bool delivers;
        lock (_gate)
        {
            ThrowIfEditing();
            message = new(new PredicateChange<TItem, TKey, TCause>(_version, told), subscription);
            delivers = !_isDisposed && _delivery.PostUnderGate(ref message);
        }

        if (delivers)
        {
            _delivery.Deliver(message);
        }
    }

    private ChangeSetSubscription<TItem, TKey, TCause> BeginUnderGate(
        IObserver<ChangeSet<TItem, TKey, TCause>> observer) => new(_delivery, observer, SnapshotChangesUnderGate());

    private SnapshotOf<TItem, TKey, TCause> SnapshotChangesUnderGate() => new(
        _version, _schema, ImmutableCollectionsMarshal.AsArray(SnapshotUnderGate().Items) ?? [], _snapshotCause);
}
