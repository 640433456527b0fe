using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>Items by key and in a total order, whose every change can be subscribed to.</summary>
/// <remarks>
/// <para>
/// An edit is atomic: it is committed as a whole and published as one numbered, immutable change set, or, when it
/// throws, nothing has changed and nothing is published. An edit that does nothing publishes nothing and gets no
/// number.
/// </para>
/// <list type="table">
/// <listheader><term>What happens</term><description>What a subscriber sees</description></listheader>
/// <item><term>It subscribes</term><description>
/// First one snapshot: all items in order as Added, also when there are none.
/// </description></item>
/// <item><term><c>Add</c></term><description>Added, at its position.</description></item>
/// <item><term><c>AddOrUpdate</c></term><description>
/// Added where the key is new; Updated where the item keeps its position; Moved where it doesn't; nothing for the very
/// same object.
/// </description></item>
/// <item><term><c>Remove</c>, <c>TryTakeFirst</c>, <c>TryTakeLast</c></term><description>
/// Removed, from its position.
/// </description></item>
/// <item><term><c>Edit</c></term><description>One change set with all of its steps in their order.</description></item>
/// <item><term>An edit throws</term><description>Nothing.</description></item>
/// <item><term>Another subscriber throws</term><description>
/// Nothing: that one is detached and reported.
/// </description></item>
/// <item><term>It throws itself</term><description>
/// Nothing more: it is detached, the exception is reported.
/// </description></item>
/// <item><term><c>Dispose</c></term><description> OnCompleted, once. A later subscription completes at once.
/// </description></item>
/// </list>
/// <para>
/// Threading: every member may be called from any thread. A commit is made under a private lock; notifications are
/// handed out after it and outside of any lock, in the order of the commits, the same for all subscribers, one at a
/// time. The thread that commits delivers, unless another one is delivering already: then that one does it, and the
/// commit returns first. So a subscriber may edit the cache, subscribe and unsubscribe inside <c>OnNext</c>: what
/// follows from it is delivered later, not nested. Commits that come faster than subscribers take them wait in memory;
/// a subscriber that may be slow uses <see cref="ChangeSetExtensions.Conflate"/>. An edit calls only the comparer and
/// the key selector of the cache under the lock, beside its own delegate, which should not wait for anything.
/// </para>
/// <para>
/// Cost: O(log n) for each item added, moved or removed and for a position; O(1) for <see cref="Count"/>,
/// <see cref="Contains"/> and <see cref="TryGet"/>; O(n) for a snapshot and so for a subscription. A commit of one
/// change allocates its change set, and nothing when nobody has subscribed.
/// </para>
/// </remarks>
public sealed partial class SortedObservableCache<TItem, TKey, TCause> : IDisposable
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Lock _gate = new();
    private readonly CacheSchema<TItem, TKey> _schema;
    private readonly TCause _snapshotCause;
    private readonly CacheContents<TItem, TKey> _contents;
    private readonly CacheEditor<TItem, TKey, TCause> _editor;
    private readonly ChangeDelivery<TItem, TKey, TCause> _delivery;

    private CacheSnapshot<TItem>? _snapshot;
    private long _version;
    private int _count;
    private bool _isDisposed;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="keyOf">The key of an item: always the same one, and without side effects.</param>
    /// <param name="order">
    /// A total order: equal only for items with the same key, and always the same for the same two items. An edit
    /// during which it holds different keys for equal, loses an item or throws is refused and rolled back.
    /// </param>
    /// <param name="subscriberFailed">
    /// Told of each exception that a subscriber throws, outside of any lock. Its own exceptions reach the one who committed,
    /// after everything is committed and delivered.
    /// </param>
    /// <param name="snapshotCause">The cause of the changes with which a subscription begins.</param>
    public SortedObservableCache(
        Func<TItem, TKey> keyOf,
        IComparer<TItem> order,
        Action<Exception> subscriberFailed,
        TCause snapshotCause = default)
    {
        ArgumentNullException.ThrowIfNull(keyOf);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(subscriberFailed);
        _schema = new CacheSchema<TItem, TKey>(keyOf, order);
        _snapshotCause = snapshotCause;
        _contents = new CacheContents<TItem, TKey>(_schema);
        _editor = new CacheEditor<TItem, TKey, TCause>(_contents, _gate);
        _delivery = new ChangeDelivery<TItem, TKey, TCause>(_gate, subscriberFailed);
    }

    /// <summary>The number of items after the last commit.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of the last commit; 0 for none.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>All items in order, after one commit. O(n) after a change, then O(1) until the next one.</summary>
    public CacheSnapshot<TItem> Snapshot
    {
        get
        {
            lock (_gate)
            {
                return SnapshotUnderGate();
            }
        }
    }

    /// <summary>Whether there is an item with the key.</summary>
    public bool Contains(TKey key) => TryGet(key, out _);

    /// <summary>Looks an item up.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TItem item)
    {
        lock (_gate)
        {
            return CommittedUnderGate.TryGet(key, out item);
        }
    }

    /// <summary>The position of the item with the key, or −1.</summary>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    public int PositionOf(TKey key)
    {
        lock (_gate)
        {
            return CommittedUnderGate.PositionOf(key);
        }
    }

    /// <summary>The first item in order, which may be gone when this returns; false when there is none.</summary>
    public bool TryPeekFirst([NotNullWhen(true)] out TItem? item)
    {
        lock (_gate)
        {
            item = CommittedUnderGate.Count > 0 ? _contents[0] : null;
            return item is not null;
        }
    }

    /// <summary>The last item in order, which may be gone when this returns; false when there is none.</summary>
    public bool TryPeekLast([NotNullWhen(true)] out TItem? item)
    {
        lock (_gate)
        {
            item = CommittedUnderGate.Count > 0 ? _contents[_contents.Count - 1] : null;
            return item is not null;
        }
    }

    /// <summary>Some of the items in order. O(log n + count).</summary>
    /// <param name="offset">The position of the first one. The page is empty where the cache ends before it.</param>
    /// <param name="count">The number of items at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset or the count is negative.</exception>
    public CachePage<TItem> Page(int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_gate)
        {
            var total = CommittedUnderGate.Count;
            var items = _contents.Copy(offset, Math.Min(count, Math.Max(0, total - offset)));
            return new CachePage<TItem>(_version, total, offset, ImmutableCollectionsMarshal.AsImmutableArray(items));
        }
    }

    /// <summary>Completes every subscriber. From then on an edit throws; the items can still be read.</summary>
    public void Dispose()
    {
        ChangeDelivery<TItem, TKey, TCause>.Message end = default;
        bool delivers;
        lock (_gate)
        {
            ThrowIfEditing();
            delivers = !_isDisposed && _delivery.PostUnderGate(ref end);
            _isDisposed = true;
        }

        if (delivers)
        {
            _delivery.Deliver(end);
        }
    }

    /// <summary>The state that was committed last: an edit's own thread can't see its unfinished work this way.</summary>
    private CacheContents<TItem, TKey> CommittedUnderGate
    {
        get
        {
            ThrowIfEditing();
            return _contents;
        }
    }

    private CacheSnapshot<TItem> SnapshotUnderGate() => _snapshot ??= new CacheSnapshot<TItem>(
        _version, ImmutableCollectionsMarshal.AsImmutableArray(CommittedUnderGate.Copy(0, _contents.Count)));

    private void ThrowIfEditing()
    {
        if (_editor.IsOpen)
        {
            throw new InvalidOperationException("Inside an edit only its editor can be used.");
        }
    }
}
