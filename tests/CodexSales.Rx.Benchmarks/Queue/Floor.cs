using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>
/// What the cache is measured by: a sorted set and a dictionary under a lock, without positions and change sets.
/// </summary>
internal sealed class Floor
{
    private readonly Lock _gate = new();
    private readonly SortedSet<OpenSlot> _inOrder = new(SlotOrder.Standard);
    private readonly Dictionary<SlotKey, OpenSlot> _bySlot = [];
    private readonly SortedSet<OpenSlot> _waiting = new(SlotOrder.Standard);

    public void Push(OpenSlot slot)
    {
        lock (_gate)
        {
            if (_bySlot.TryAdd(slot.Slot, slot))
            {
                _inOrder.Add(slot);
            }
        }
    }

    public OpenSlot? TakeBest()
    {
        lock (_gate)
        {
            return Take(_inOrder.Min);
        }
    }

    public OpenSlot? PushAndEvictWorst(OpenSlot slot)
    {
        lock (_gate)
        {
            if (_bySlot.TryAdd(slot.Slot, slot))
            {
                _inOrder.Add(slot);
            }

            return Take(_inOrder.Max);
        }
    }

    /// <summary>The same, and what leaves waits in order, as it does outside of the slot queue.</summary>
    public void PushAndKeepWorst(OpenSlot slot)
    {
        lock (_gate)
        {
            if (_bySlot.TryAdd(slot.Slot, slot))
            {
                _inOrder.Add(slot);
            }

            if (Take(_inOrder.Max) is { } worst)
            {
                _waiting.Add(worst);
            }
        }
    }

    public bool Remove(SlotKey slot)
    {
        lock (_gate)
        {
            return _bySlot.Remove(slot, out var item) && _inOrder.Remove(item);
        }
    }

    public OpenSlot[] ToArray()
    {
        lock (_gate)
        {
            var items = new OpenSlot[_inOrder.Count];
            _inOrder.CopyTo(items);
            return items;
        }
    }

    private OpenSlot? Take(OpenSlot? slot)
    {
        if (slot is not null)
        {
            _inOrder.Remove(slot);
            _bySlot.Remove(slot.Slot);
        }

        return slot;
    }
}
