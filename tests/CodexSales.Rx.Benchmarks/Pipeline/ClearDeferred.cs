using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>All slots of a queue are deferred, and taken for others again in one change set. The floor removes each.</summary>
public class ClearDeferred
{
    private const int Slots = 50_000;

    private OpenSlot[] _slots = [];
    private Floor _floor = SampleQueue.FloorOf([]);
    private SlotQueue _queue = SampleGroups.QueueOf(1, []);

    [IterationSetup(Target = nameof(Floor))]
    public void FillFloor()
    {
        _slots = SampleSlots.Stationary(Slots, Slots);
        _floor = SampleQueue.FloorOf(_slots);
        new Random(2).Shuffle(_slots);
    }

    [GlobalSetup(Target = nameof(SlotQueue))]
    public void FillQueue() =>
        _queue = SampleGroups.QueueOf(Slots, SampleSlots.Stationary(Slots, Slots).Select(SampleGroups.Opened));

    [IterationSetup(Target = nameof(SlotQueue))]
    public void Defer()
    {
        while (_queue.TakeBest() is { Group: { } group } taken)
        {
            group.PutBack(taken.SlotIndex, isDeferred: true);
            _queue.Apply(new SlotGroupChanges(
                QueueCause.Ignored, [new SlotGroupChange(SlotGroupChangeKind.SlotOpened, group, taken.SlotIndex)]));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Slots)]
    public void Floor()
    {
        foreach (var slot in _slots)
        {
            _floor.Remove(slot.Slot);
        }
    }

    [Benchmark(OperationsPerInvoke = Slots)]
    public void SlotQueue() =>
        _queue.Apply(new SlotGroupChanges(QueueCause.AvailabilityChanged, [], ClearsDeferred: true));
}
