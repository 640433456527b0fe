using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>A slot leaves by its key and comes back, with one subscriber.</summary>
public class RemoveAndPush
{
    private Floor _floor = SampleQueue.FloorOf([]);
    private SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache = SampleQueue.CacheOf([]);
    private OpenSlot[] _picks = [];

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 8_192, 65_535, 1_000_000)]
    public int Slots { get; set; }

    [GlobalSetup(Target = nameof(Floor))]
    public void FillFloor()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _picks = new Random(2).GetItems(slots, SampleQueue.SlotsPerRun);
        _floor = SampleQueue.FloorOf(slots);
    }

    [GlobalSetup(Target = nameof(Cache))]
    public void FillCache()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _picks = new Random(2).GetItems(slots, SampleQueue.SlotsPerRun);
        _cache = SampleQueue.CacheOf(slots);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Floor()
    {
        foreach (var slot in _picks)
        {
            _floor.Remove(slot.Slot);
            _floor.Push(slot);
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Cache()
    {
        foreach (var slot in _picks)
        {
            _cache.Remove(slot.Slot, QueueCause.Filled);
            _cache.Add(slot, QueueCause.Requested);
        }
    }
}
