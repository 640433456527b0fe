using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Queueing;

/// <summary>The slots that wait outside of the queue, in order. O(log n) each, and mostly O(1) at the front.</summary>
/// <remarks>The best one stands beside the tree. A slot that comes and goes on into the queue, and one that a full
/// queue gave up, are better than all that wait: they pass here without being sought in the tree.</remarks>
internal sealed class WaitingSlots(SlotOrder order)
{
    private readonly OrderedTree<OpenSlot> _others = new(order);
    private OpenSlot? _first;

    public OpenSlot? First => _first ?? (_others.Count > 0 ? _others[0] : null);

    public void Add(OpenSlot slot)
    {
        if (First is { } first && order.Compare(slot, first) > 0)
        {
            if (!_others.TryInsert(slot, out _))
            {
                throw Inconsistent(slot);
            }

            return;
        }

        if (_first is not null)
        {
            _others.InsertAt(0, _first);
        }

        _first = slot;
    }

    /// <summary>Removes the very object that was added.</summary>
    public void Remove(OpenSlot slot)
    {
        if (ReferenceEquals(slot, _first))
        {
            _first = null;
        }
        else if (!_others.TryRemove(slot, out _))
        {
            throw Inconsistent(slot);
        }
    }

    private static InconsistentOrderException Inconsistent(OpenSlot slot) =>
        new($"The order does not say the same of slot {slot} as it did before.");
}
