using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>A slot comes to the slot queue and the best one is taken, with one subscriber.</summary>
public class PushAndTakeFromQueue
{
    private const int Runs = 4;

    private OpenSlot[] _run = [];
    private LotChanges[] _opened = [];
    private SampleQueue _source = null!; // Made by the setup.
    private Floor _floor = SampleQueue.FloorOf([]);
    private SlotQueue _queue = SampleLots.QueueOf(1, []);

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 65_535)]
    public int Slots { get; set; }

    [GlobalSetup(Target = nameof(Floor))]
    public void FillFloor() =>
        _source = new SampleQueue(Slots, Runs, worstLeaves: false, slots => _floor = SampleQueue.FloorOf(slots));

    [GlobalSetup(Target = nameof(SlotQueue))]
    public void FillQueue() => _source = new SampleQueue(Slots, Runs, worstLeaves: false, slots =>
        _queue = SampleLots.QueueOf(Slots + 1, slots.Select(SampleLots.Opened)));

    [IterationSetup]
    public void NextRun()
    {
        _run = _source.NextRun();
        _opened = [.. _run.Select(SampleLots.Opened)];
    }

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
    public void SlotQueue()
    {
        foreach (var opened in _opened)
        {
            _queue.Apply(opened);
            _queue.TakeBest();
        }
    }
}
