using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>A queue of some length that stays about the same, and the slots that come to it.</summary>
internal sealed class SampleQueue
{
    /// <summary>How many slots come in one measured run.</summary>
    public const int SlotsPerRun = 50_000;

    private readonly int _length;
    private readonly OpenSlot[] _slots;
    private readonly Action<OpenSlot[]> _fill;
    private int _next;

    /// <param name="length">The number of slots in the queue.</param>
    /// <param name="runs">The number of runs until the queue is filled anew.</param>
    /// <param name="worstLeaves">Whether it is the worst that leaves for each one that comes, and not the best.</param>
    /// <param name="fill">Makes the queue.</param>
    public SampleQueue(int length, int runs, bool worstLeaves, Action<OpenSlot[]> fill)
    {
        (_length, _fill) = (length, fill);
        _slots = SampleSlots.Stationary(length, length + (runs * SlotsPerRun));
        if (worstLeaves)
        {
            Array.Reverse(_slots);
        }

        Fill();
    }

    public ReadOnlySpan<OpenSlot> InQueue => _slots.AsSpan(0, _length);

    /// <summary>The slots of the next run.</summary>
    public OpenSlot[] NextRun()
    {
        if (_next + SlotsPerRun > _slots.Length)
        {
            Fill();
        }

        _next += SlotsPerRun;
        return _slots[(_next - SlotsPerRun).._next];
    }

    /// <summary>A floor with these slots.</summary>
    public static Floor FloorOf(OpenSlot[] slots)
    {
        var floor = new Floor();
        Array.ForEach(slots, floor.Push);
        return floor;
    }

    /// <summary>A cache with these slots and one subscriber.</summary>
    public static SortedObservableCache<OpenSlot, SlotKey, QueueCause> CacheOf(OpenSlot[] slots)
    {
        var cache = new SortedObservableCache<OpenSlot, SlotKey, QueueCause>(
            slot => slot.Slot, SlotOrder.Standard, failure => throw failure);
        cache.Connect().Subscribe(new Subscriber());
        Array.ForEach(slots, slot => cache.Add(slot, QueueCause.Requested));
        return cache;
    }

    private void Fill()
    {
        _next = _length;
        _fill(InQueue.ToArray());
    }
}
