using System.Reactive.Linq;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Queueing;

/// <summary>
/// The slots that can be sold now and that nobody works on yet, best first: a sorted observable cache of bounded size. Workers take
/// from its head; everything else about it is for looking.
/// </summary>
/// <remarks>
/// <para>
/// Order: unseen slots first; then the highest reward; the lowest collateral; the latest expiry; the smallest slot; the one that came
/// first. Source: the Codex marketplace design, <c>design/sales.md</c>.
/// </para>
/// <para>
/// When it is full, the true worst gives way to a better slot. What does not fit waits outside, and comes in by itself as soon
/// as there is room.
/// </para>
/// <para>
/// Threading: look and subscribe from any thread. Changes are made on the core scheduler, and subscribers are notified there, one
/// at a time; see <see cref="SortedObservableCache{TItem, TKey, TCause}"/>.
/// </para>
/// </remarks>
public sealed class SlotQueue : IDisposable
{
    private readonly SlotOrder _order;
    private readonly SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache;

    // The best slots outside of the queue, one of each lot that has some: better ones come in as soon as they can.
    private readonly SortedSet<OpenSlot> _waiting;
    private readonly HashSet<SlotLot> _lotsWithSeen = [];
    private int _seenCount;

    internal SlotQueue(int capacity, IComparer<SlotTerms>? priority, Action<Exception> subscriberFailed)
    {
        Capacity = capacity;
        _order = new SlotOrder(priority);
        _waiting = new SortedSet<OpenSlot>(_order);
        _cache = new SortedObservableCache<OpenSlot, SlotKey, QueueCause>(
            slot => slot.Slot, _order, subscriberFailed, QueueCause.Snapshot);
    }

    /// <summary>The most slots that it holds.</summary>
    public int Capacity { get; }

    /// <summary>How many slots are in it.</summary>
    public int Count => _cache.Count;

    /// <summary>The slots in it, best first, as they are now: immutable and never torn. O(n).</summary>
    public CacheSnapshot<OpenSlot> Snapshot => _cache.Snapshot;

    /// <summary>How many slots are in it, now and after each change of that number.</summary>
    public IObservable<int> CountChanged => _cache.CountChanged;

    /// <summary>How many of its slots a worker may take: those that are not seen. For the core scheduler.</summary>
    internal int TakeableCount => _cache.Count - _seenCount;

    /// <summary>The ordered snapshot first, also when it is empty; then every change set.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Connect() => _cache.Connect();

    /// <summary>The same for those slots only that a predicate holds for; positions are those among them.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Connect(Func<OpenSlot, bool> predicate) =>
        _cache.Connect(predicate);

    /// <summary>The same for the first slots only, so many at most.</summary>
    public IObservable<ChangeSet<OpenSlot, SlotKey, QueueCause>> Top(int count) => _cache.Top(count);

    /// <summary>One slot: how it stands now, and after each of its changes.</summary>
    public IObservable<WatchedItem<OpenSlot, QueueCause>> Watch(SlotKey slot) => _cache.Watch(slot);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    /// <summary>What one cause does to lots: one commit.</summary>
    internal void Apply(LotChanges changes) => _cache.Edit((Queue: this, changes), static (editor, state) =>
    {
        foreach (var change in state.changes.Changes)
        {
            state.Queue.Apply(editor, change, state.changes);
        }

        if (state.changes.ForgetsSeen)
        {
            state.Queue.ForgetSeen(editor, state.changes.Cause);
        }

        state.Queue.LetIn(editor, state.changes);
        return true;
    });

    /// <summary>
    /// The best slot leaves for a worker, and the best one outside takes its room; null when all slots are seen, or none
    /// is there.
    /// </summary>
    internal OpenSlot? TakeBest() => _cache.Edit(this, static (editor, queue) =>
    {
        if (editor.First is not { IsSeen: false } best)
        {
            return null;
        }

        queue.Leave(editor, best, QueueCause.Taken);
        queue.LetIn(editor, null);
        return best;
    });

    private void Apply(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, LotChange change, LotChanges changes)
    {
        var lot = change.Lot;
        switch (change.Kind)
        {
            case LotChangeKind.LotOpened:
                // A lot that comes, or comes back, is as good as new.
                lot.ForgetSeen();
                lot.IsOffered = true;
                lot.OpenedBy = changes;
                Wait(lot);
                break;
            case LotChangeKind.LotClosed:
                Close(editor, lot, changes.Cause);
                break;
            case LotChangeKind.SlotOpened when lot.IsOffered:
                lot.OpenedBy = changes;
                Wait(lot);
                break;
            case LotChangeKind.SlotClosed when editor.TryGet(new SlotKey(lot.Terms.RequestId, change.SlotIndex), out var slot):
                Leave(editor, slot, changes.Cause);
                break;
            case LotChangeKind.SlotClosed when lot.IsOffered:
                Wait(lot);
                break;
        }
    }

    private void Close(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, SlotLot lot, QueueCause cause)
    {
        StopWaiting(lot);
        lot.IsOffered = false;
        foreach (var index in lot.Queued.Order().ToArray())
        {
            if (editor.TryRemove(new SlotKey(lot.Terms.RequestId, index), cause, out var slot))
            {
                _seenCount -= slot.IsSeen ? 1 : 0;
                lot.PutBack(index, isSeen: false);
            }
        }

        lot.Queued.Clear();
        _lotsWithSeen.Remove(lot);
    }

    // The best slots outside come in while there is room, or while they are better than the worst one inside.
    private void LetIn(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, LotChanges? changes)
    {
        while (_waiting.Min is { Lot: { } lot } best
            && (editor.Count < Capacity || _order.Compare(best, editor.Last) < 0))
        {
            Enter(editor, best, lot.OpenedBy == changes && changes is not null ? changes.Cause : QueueCause.RoomMade);
            Wait(lot);
        }
    }

    private void Enter(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, OpenSlot slot, QueueCause cause)
    {
        var lot = slot.Lot!; // Slots come in from their lots only.
        lot.Draw(slot);
        lot.Queued.Add(slot.SlotIndex);
        _seenCount += slot.IsSeen ? 1 : 0;
        editor.Add(slot, cause);
        if (editor.Count > Capacity && editor.Last is { } worst)
        {
            var evicted = Leave(editor, worst, QueueCause.Evicted);
            evicted.PutBack(worst.SlotIndex, worst.IsSeen);
            Wait(evicted);
        }
    }

    private void ForgetSeen(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, QueueCause cause)
    {
        // Seen slots are the last ones, and each that is forgotten moves up.
        while (editor.Last is { IsSeen: true } seen)
        {
            editor.AddOrUpdate(seen with { IsSeen = false }, cause);
            _seenCount--;
        }

        foreach (var lot in _lotsWithSeen)
        {
            lot.ForgetSeen();
            Wait(lot);
        }

        _lotsWithSeen.Clear();
    }

    private SlotLot Leave(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, OpenSlot slot, QueueCause cause)
    {
        editor.Remove(slot.Slot, cause);
        _seenCount -= slot.IsSeen ? 1 : 0;
        var lot = slot.Lot!; // What is in the queue came in from its lot.
        lot.Queued.Remove(slot.SlotIndex);
        return lot;
    }

    private void Wait(SlotLot lot)
    {
        StopWaiting(lot);
        lot.Waiting = lot.Peek();
        if (lot.Waiting is not null)
        {
            _waiting.Add(lot.Waiting);
        }

        if (lot.HasSeen)
        {
            _lotsWithSeen.Add(lot);
        }
    }

    private void StopWaiting(SlotLot lot)
    {
        if (lot.Waiting is { } waiting)
        {
            _waiting.Remove(waiting);
            lot.Waiting = null;
        }
    }
}
