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

    // The lots whose slots may be queued, each with its best slot that is not; and those slots in order.
    private readonly Dictionary<SlotLot, OpenSlot?> _lots = [];
    private readonly Dictionary<SlotTerms, SlotLot> _lotOfTerms = new(ReferenceEqualityComparer.Instance);
    private readonly SortedDictionary<OpenSlot, SlotLot> _waiting;
    private readonly HashSet<SlotLot> _lotsWithSeen = [];
    private int _seenCount;

    internal SlotQueue(int capacity, IComparer<SlotTerms>? priority, Action<Exception> subscriberFailed)
    {
        Capacity = capacity;
        _order = new SlotOrder(priority);
        _waiting = new SortedDictionary<OpenSlot, SlotLot>(_order);
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
            state.Queue.Apply(editor, change, state.changes.Cause);
        }

        state.Queue.LetIn(editor, state.changes);
        if (state.changes.ForgetsSeen)
        {
            state.Queue.ForgetSeen(editor, state.changes);
        }

        return true;
    });

    /// <summary>The best slot leaves for a worker, and the best one outside takes its room; null when all slots are seen, or none is there.</summary>
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

    private void Apply(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, LotChange change, QueueCause cause)
    {
        switch (change.Kind)
        {
            case LotChangeKind.LotOpened:
                Open(change.Lot);
                break;
            case LotChangeKind.LotClosed:
                Close(editor, change.Lot, cause);
                break;
            case LotChangeKind.SlotClosed when editor.TryGet(new SlotKey(change.Lot.Terms.RequestId, change.SlotIndex), out var slot):
                Leave(editor, slot, cause);
                break;
            case LotChangeKind.SlotOpened or LotChangeKind.SlotClosed when _lots.ContainsKey(change.Lot):
                Refresh(change.Lot);
                break;
        }
    }

    // A lot that comes, or comes back, is as good as new.
    private void Open(SlotLot lot)
    {
        lot.ForgetSeen();
        _lots.TryAdd(lot, null);
        _lotOfTerms.TryAdd(lot.Terms, lot);
        Refresh(lot);
    }

    private void Close(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, SlotLot lot, QueueCause cause)
    {
        if (!_lots.Remove(lot, out var next))
        {
            return;
        }

        if (next is not null)
        {
            _waiting.Remove(next);
        }

        foreach (var index in lot.Queued.Order().ToArray())
        {
            editor.TryRemove(new SlotKey(lot.Terms.RequestId, index), cause, out var slot);
            _seenCount -= slot!.IsSeen ? 1 : 0; // A lot's queued slots are in the cache: Enter and Leave keep both.
            lot.PutBack(index, isSeen: false);
        }

        lot.Queued.Clear();
        _lotOfTerms.Remove(lot.Terms);
        _lotsWithSeen.Remove(lot);
    }

    // The best slots from outside come in while there is room, or while they are better than the worst one inside.
    private void LetIn(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, LotChanges? changes)
    {
        while (_waiting.Count > 0)
        {
            var (best, lot) = _waiting.First();
            if (editor.Count >= Capacity && _order.Compare(best, editor.Last) > 0)
            {
                return;
            }

            lot.Draw(best);
            lot.Queued.Add(best.SlotIndex);
            _seenCount += best.IsSeen ? 1 : 0;
            editor.Add(best, changes?.Opens(lot) == true ? changes.Cause : QueueCause.RoomMade);
            Refresh(lot);
            if (editor.Count > Capacity && editor.Last is { } worst)
            {
                var evicted = Leave(editor, worst, QueueCause.Evicted);
                evicted.PutBack(worst.SlotIndex, worst.IsSeen);
                Refresh(evicted);
            }
        }
    }

    private void ForgetSeen(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, LotChanges changes)
    {
        // Seen slots are the last ones, and each that is forgotten moves up.
        while (editor.Last is { IsSeen: true } seen)
        {
            editor.AddOrUpdate(seen with { IsSeen = false }, changes.Cause);
            _seenCount--;
        }

        foreach (var lot in _lotsWithSeen)
        {
            lot.ForgetSeen();
            Refresh(lot);
        }

        _lotsWithSeen.RemoveWhere(lot => !lot.HasSeen);
        LetIn(editor, changes);
    }

    private SlotLot Leave(CacheEditor<OpenSlot, SlotKey, QueueCause> editor, OpenSlot slot, QueueCause cause)
    {
        editor.Remove(slot.Slot, cause);
        _seenCount -= slot.IsSeen ? 1 : 0;
        var lot = _lotOfTerms[slot.Terms];
        lot.Queued.Remove(slot.SlotIndex);
        return lot;
    }

    private void Refresh(SlotLot lot)
    {
        if (_lots[lot] is { } before)
        {
            _waiting.Remove(before);
        }

        var next = lot.Peek();
        _lots[lot] = next;
        if (next is not null)
        {
            _waiting.Add(next, lot);
        }

        if (lot.HasSeen)
        {
            _lotsWithSeen.Add(lot);
        }
    }
}
