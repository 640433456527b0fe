using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>
/// What a late subscriber costs after a change, beside a copy of the floor's set after the same change: so the snapshot
/// of the last subscriber can't serve this one as well.
/// </summary>
public class LateSubscriber
{
    private Floor _floor = SampleQueue.FloorOf([]);
    private SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache = SampleQueue.CacheOf([]);
    private OpenSlot _changing = null!; // Made by the setup.

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 8_192, 65_535, 1_000_000)]
    public int Slots { get; set; }

    [GlobalSetup(Target = nameof(FloorCopy))]
    public void FillFloor()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _floor = SampleQueue.FloorOf(slots);
        _changing = slots[0];
    }

    [GlobalSetup(Target = nameof(CacheSnapshot))]
    public void FillCache()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _cache = SampleQueue.CacheOf(slots);
        _changing = slots[0];
    }

    [Benchmark(Baseline = true)]
    public OpenSlot[] FloorCopy()
    {
        _changing = _changing with { };
        _floor.Remove(_changing.Slot);
        _floor.Push(_changing);
        return _floor.ToArray();
    }

    [Benchmark]
    public void CacheSnapshot()
    {
        _changing = _changing with { };
        _cache.AddOrUpdate(_changing, QueueCause.AvailabilityChanged);
        using var subscription = _cache.Connect().Subscribe(new Subscriber());
    }
}
