using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>Whether a slot is in the queue, beside a dictionary without a lock.</summary>
public class LookUp
{
    private Dictionary<SlotKey, OpenSlot> _dictionary = [];
    private SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache = SampleQueue.CacheOf([]);
    private OpenSlot[] _picks = [];

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 8_192, 65_535, 1_000_000)]
    public int Slots { get; set; }

    [GlobalSetup(Target = nameof(BareDictionary))]
    public void FillDictionary()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _picks = new Random(2).GetItems(slots, SampleQueue.SlotsPerRun);
        _dictionary = slots.ToDictionary(slot => slot.Slot);
    }

    [GlobalSetup(Target = nameof(Cache))]
    public void FillCache()
    {
        var slots = SampleSlots.Stationary(Slots, Slots);
        _picks = new Random(2).GetItems(slots, SampleQueue.SlotsPerRun);
        _cache = SampleQueue.CacheOf(slots);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public int BareDictionary()
    {
        var found = 0;
        foreach (var slot in _picks)
        {
            found += _dictionary.ContainsKey(slot.Slot) ? 1 : 0;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public int Cache()
    {
        var found = 0;
        foreach (var slot in _picks)
        {
            found += _cache.Contains(slot.Slot) ? 1 : 0;
        }

        return found;
    }
}
