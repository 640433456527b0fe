using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>A slot comes and the best one is taken, with one subscriber.</summary>
public class PushAndTake
{
    private const int Runs = 8;

    private OpenSlot[] _run = [];
    private SampleQueue _queue = null!; // Made by the setup.
    private Floor _floor = SampleQueue.FloorOf([]);
    private SortedObservableCache<OpenSlot, SlotKey, QueueCause> _cache = SampleQueue.CacheOf([]);

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 8_192, 65_535, 1_000_000)]
    public int Slots { get; set; }

    [GlobalSetup(Target = nameof(Floor))]
    public void FillFloor() =>
        _queue = new SampleQueue(Slots, Runs, worstLeaves: false, slots => _floor = SampleQueue.FloorOf(slots));

    [GlobalSetup(Target = nameof(Cache))]
    public void FillCache() =>
        _queue = new SampleQueue(Slots, Runs, worstLeaves: false, slots => _cache = SampleQueue.CacheOf(slots));

    [IterationSetup]
    public void NextRun() => _run = _queue.NextRun();

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Floor()
    {
        foreach (var slot in _run)
        {
            _floor.Push(slot);
            _floor.TakeBest();
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Cache()
    {
        foreach (var slot in _run)
        {
            _cache.Add(slot, QueueCause.Requested);
            _cache.TryTakeFirst(QueueCause.Taken, out _);
        }
    }
}
