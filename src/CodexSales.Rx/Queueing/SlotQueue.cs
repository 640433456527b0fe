using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx.Queueing;

/// <summary>
/// The slots that can be sold now and that nobody works on yet, best first: a sorted observable cache of bounded size.
/// Workers take from its head; everything else about it is for looking.
/// </summary>
/// <remarks>
/// <para>
/// Order: deferred slots last; of the others then the highest reward; the lowest collateral; the latest expiry; the smallest slot; the
/// one that came first. Source: the Codex marketplace design, <c>design/sales.md</c>. A host may put an order of its
/// own in place of reward, collateral, expiry and size. If that throws, the change that asked it is rolled back, nobody
/// is notified of it, and the exception ends the pipeline's run.
/// </para>
/// <para>
/// When it is full, the true worst gives way to a better slot. Slots that do not fit wait outside, and come in by themselves
/// as soon as there is room.
/// </para>
/// <list type="table">
/// <listheader><term>What happens</term><description>What subscribers see, in one change set</description></listheader>
/// <item><term>A request, or a freed slot</term><description>
/// Added with that cause, each followed by one Removed (Evicted) where the queue is full
/// </description></item>
/// <item><term>Filled elsewhere, reservations full</term><description>
/// Removed with that cause, then one Added (RoomMade) if a slot waits outside
/// </description></item>
/// <item><term>Fulfilled, cancelled, failed, expired</term><description>
/// Removed for each slot of the request; then Added (RoomMade) for those that take their room
/// </description></item>
/// <item><term>An availability widens</term><description>
/// Updated or Moved for each deferred slot, which is deferred no longer; Added (AvailabilityChanged) for slots that are
/// taken now
/// </description></item>
/// <item><term>An availability narrows</term><description>
/// Removed (AvailabilityChanged) for slots that no availability takes any more
/// </description></item>
/// <item><term>A worker takes the best</term><description>
/// Removed (Taken), then one Added (RoomMade) if a slot waits outside
/// </description></item>
/// <item><term>A sale gives its slot back</term><description>
/// Added (Ignored), deferred: behind all but other deferred ones
/// </description></item>
/// <item><term>Sale after sale of a request came to nothing</term><description>
/// Removed (Paused) for each slot of the request; Added (Paused) when the pause is over
/// </description></item>
/// <item><term>A reorganisation</term><description>Added or Removed (Reverted)</description></item>
/// <item><term>The capacity is changed</term><description>
/// Removed (Evicted) from the end, or Added (RoomMade)
/// </description></item>
/// <item><term>The host's order throws</term><description>Nothing</description></item>
/// <item><term>The pipeline is disposed</term><description>OnCompleted</description></item>
/// </list>
/// <para>
/// Threading: look and subscribe from any thread. Changes are made on the core scheduler, and subscribers are notified
/// there, one at a time; see <see cref="SortedObservableCache{TItem, TKey, TCause}"/>. A change costs O(log n) for each
/// slot that comes, goes or moves.
/// </para>
/// </remarks>
#pragma warning disable CA1001 // The pipeline ends it; nobody else may.
public sealed class SlotQueue
#pragma warning restore CA1001
{
    /// <summary>The largest capacity that a queue can have: 1,000,000 slots.</summary>
    public const int LargestCapacity = 1_000_000;

    private readonly SlotOrder _order;
    private readonly Core _core;
    private readonly SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache;

    // The best slots outside of the queue, one of each group that has some: better ones come in as soon as they can.
    private readonly WaitingSlots _waiting;
    private readonly HashSet<SlotGroup> _groupsWithDeferred = [];
    private long _changes;
    private int _deferredCount;

    internal SlotQueue(
        int capacity, IComparer<SlotTerms>? priority, Action<Exception> subscriberFailed, IScheduler core)
    {
        Capacity = capacity;
        _core = Core.On(core);
        _order = new SlotOrder(priority);
        _waiting = new WaitingSlots(_order);
        _cache = new SortedObservableCache<OpenSlot, SlotKey, QueueCause>(
            slot => slot.Slot, _order, subscriberFailed, QueueCause.Snapshot);
    }

    /// <summary>The most slots that it holds.</summary>
    public int Capacity { get; private set; }

    /// <summary>How many slots are in it.</summary>
    public int Count => _cache.Count;

    /// <summary>The slots in it, best first, as they are now: immutable and never torn. O(n).</summary>
    public CacheSnapshot<OpenSlot> Snapshot => _cache.Snapshot;

    /// <summary>Some of the slots in it, for a view that shows a page at a time. O(log n + count).</summary>
    /// <param name="offset">How many better slots are left out, at least 0.</param>
    /// <param name="count">How many slots at most, at least 0.</param>
    public CachePage<OpenSlot> Page(int offset, int count) => _cache.Page(offset, count);

    /// <summary>How many slots are in it, now and after each change of that number.</summary>
    public IObservable<int> CountChanged => _cache.CountChanged;

    /// <summary>How many of its slots a worker may take: those that are not deferred. For the core scheduler.</summary>
    internal int TakeableCount => _cache.Count - _deferredCount;

    /// <summary>The ordered snapshot first, also when it is empty; then every change set.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Connect() => _cache.Connect();

    /// <summary>The same for those slots only that a predicate holds for; positions are those among them.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Connect(Func<OpenSlot, bool> predicate) =>
        _cache.Connect(predicate);

    /// <summary>
    /// The same for a predicate that changes: first one snapshot, once there is one; then also one change set for each
    /// other predicate, with what leaves and what comes (<see cref="QueueCause.Snapshot"/>). Asked on the core scheduler.
    /// </summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Connect(IObservable<Func<OpenSlot, bool>> predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        return _cache.Connect(predicates.ObserveOn(_core));
    }

    /// <summary>The same for a reader that asks, such as a web client's stream; see
    /// <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>.</summary>
    /// <param name="cancellationToken">Ends it: the reader gets an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<ChangeSet<OpenSlot, SlotKey, QueueCause>> ConnectAsync(
        CancellationToken cancellationToken = default) => _cache.ConnectAsync(cancellationToken);

    /// <summary>The same for the first slots only, so many at most.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Top(int count) => _cache.Top(count);

    /// <summary>One slot: how it stands now, and after each of its changes.</summary>
    public IObservable<WatchedItem<OpenSlot, QueueCause>> Watch(SlotKey slot) => _cache.Watch(slot);

    /// <summary>Changes the capacity on the core scheduler: the worst leave, or the best outside come in.</summary>
    /// <param name="capacity">From 1 to <see cref="LargestCapacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is outside of that range.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline is disposed of.</exception>
    public void SetCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, LargestCapacity);
        _core.Command(() => Resize(capacity));
    }

    internal void Dispose() => _cache.Dispose();

    /// <summary>Holds so many slots from now on: one commit.</summary>
    internal void Resize(int capacity) => _cache.Edit((Queue: this, capacity), static (editor, state) =>
    {
        state.Queue.Capacity = state.capacity;
        state.Queue.Evict(editor);
        state.Queue.LetIn(editor, null);
        return true;
    });

    /// <summary>What one cause does to groups: one commit.</summary>
    internal void Apply(SlotGroupChanges changes) => _cache.Edit((Queue: this, changes), static (editor, state) =>
    {
        var (queue, changes) = state;
        queue._changes++;
        foreach (var change in changes.Changes)
        {
            queue.Apply(editor, change, changes.Cause);
        }

        if (changes.ClearsDeferred)
        {
            queue.ClearDeferred(editor, changes.Cause);
        }

        queue.LetIn(editor, changes.Cause);
        return true;
    });

    /// <summary>The best slot leaves for a worker, and the best one outside takes its room; null when all slots are
    /// deferred, or none is there.</summary>
    internal OpenSlot? TakeBest() => _cache.Edit(this, static (editor, queue) =>
    {
        // Deferred slots are the last ones: the first is one of them only if all are.
        if (queue.TakeableCount == 0 || !editor.TryTakeFirst(QueueCause.Taken, out var best))
        {
            return null;
        }

        queue.NoteGone(best);
        queue.LetIn(editor, null);
        return best;
    });

    private void Apply(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, SlotGroupChange change, QueueCause cause)
    {
        var group = change.Group;
        switch (change.Kind)
        {
            case SlotGroupChangeKind.GroupOpened:
                // A group that comes, or comes back, is as good as new.
                group.ClearDeferred();
                group.IsOffered = true;
                group.OpenedBy = _changes;
                Wait(group);
                break;
            case SlotGroupChangeKind.GroupClosed:
                Close(editor, group, cause);
                break;
            case SlotGroupChangeKind.SlotOpened when group.IsOffered:
                group.OpenedBy = _changes;
                Wait(group);
                break;
            case SlotGroupChangeKind.SlotClosed
                when editor.TryRemove(new SlotKey(group.Terms.RequestId, change.SlotIndex), cause, out var slot):
                NoteGone(slot);
                break;
            case SlotGroupChangeKind.SlotClosed when group.IsOffered:
                Wait(group);
                break;
        }
    }

    private void Close(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, SlotGroup group, QueueCause cause)
    {
        StopWaiting(group);
        group.IsOffered = false;
        foreach (var index in group.Queued)
        {
            if (editor.TryRemove(new SlotKey(group.Terms.RequestId, index), cause, out var slot))
            {
                _deferredCount -= slot.IsDeferred ? 1 : 0;
                group.Leave(slot);
                group.PutBack(index, isDeferred: false);
            }
        }

        _groupsWithDeferred.Remove(group);
    }

    // The best slots outside come in while there is room, or while they are better than the worst one inside. Those
    // that the change itself has opened come in with its cause.
    private void LetIn(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, QueueCause? cause)
    {
        while (_waiting.First is { Group: { } group } best
            && (editor.Count < Capacity || _order.Compare(best, editor.Last) < 0))
        {
            StopWaiting(group);
            Enter(editor, best, group.OpenedBy == _changes ? cause ?? QueueCause.RoomMade : QueueCause.RoomMade);
            Wait(group);
        }
    }

    private void Enter(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, OpenSlot slot, QueueCause cause)
    {
        var group = slot.Group!; // Slots come in from their groups only.
        group.Draw(slot);
        _deferredCount += slot.IsDeferred ? 1 : 0;
        editor.Add(slot, cause);
        Evict(editor);
    }

    private void Evict(CacheEditor<OpenSlot, SlotKey, QueueCause> editor)
    {
        while (editor.Count > Capacity && editor.TryTakeLast(QueueCause.Evicted, out var worst))
        {
            var group = NoteGone(worst);
            group.PutBack(worst.SlotIndex, worst.IsDeferred);
            Wait(group, group.Waiting is { } other && _order.Compare(other, worst) < 0 ? other : worst);
        }
    }

    private void ClearDeferred(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, QueueCause cause)
    {
        // Deferred slots are the last ones, and each that is so no longer moves up.
        while (editor.Last is { IsDeferred: true } deferred)
        {
            editor.AddOrUpdate(deferred with { IsDeferred = false }, cause);
            _deferredCount--;
        }

        foreach (var group in _groupsWithDeferred)
        {
            group.ClearDeferred();
            Wait(group);
        }

        _groupsWithDeferred.Clear();
    }

    private SlotGroup NoteGone(OpenSlot slot)
    {
        _deferredCount -= slot.IsDeferred ? 1 : 0;
        var group = slot.Group!; // A slot comes into the queue from its group only.
        group.Leave(slot);
        return group;
    }

    private void Wait(SlotGroup group) => Wait(group, group.Peek());

    private void Wait(SlotGroup group, OpenSlot? best)
    {
        StopWaiting(group);
        group.Waiting = best;
        if (best is not null)
        {
            _waiting.Add(best);
        }

        if (group.HasDeferred)
        {
            _groupsWithDeferred.Add(group);
        }
    }

    private void StopWaiting(SlotGroup group)
    {
        if (group.Waiting is { } waiting)
        {
            _waiting.Remove(waiting);
            group.Waiting = null;
        }
    }
}
