using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>
/// Every other request of ten slots leaves the queue, with one subscriber. The floor removes each slot alone.
/// </summary>
public class RemoveRequest
{
    private const int SlotsOfRequest = 10;
    private const int Requests = 3_200;

    private (Floor Floor, OpenSlot[] Slots)[] _floors = [];
    private (SlotQueue Queue, SlotGroupChanges[] Closed)[] _queues = [];

    /// <summary>The number of slots in each of as many queues as it takes for so many requests to leave.</summary>
    [Params(1_280, 64_000)]
    public int Slots { get; set; }

    private int Queues => 2 * Requests * SlotsOfRequest / Slots;

    [IterationSetup(Target = nameof(Floor))]
    public void FillFloors() => _floors = [.. Enumerable.Range(0, Queues).Select(seed =>
    {
        var groups = LotsOf(seed);
        OpenSlot[] slots = [.. SampleGroups.QueueOf(Slots, groups.Select(SampleGroups.Opened)).Snapshot.Items];
        var slotsOf = slots.ToLookup(slot => slot.Terms.RequestId);
        return (
            SampleQueue.FloorOf(slots),
            groups[..(groups.Length / 2)].SelectMany(group => slotsOf[group.Terms.RequestId]).ToArray());
    })];

    [IterationSetup(Target = nameof(SlotQueue))]
    public void FillQueues() => _queues = [.. Enumerable.Range(0, Queues).Select(seed =>
    {
        var groups = LotsOf(seed);
        return (
            SampleGroups.QueueOf(Slots, groups.Select(SampleGroups.Opened)),
            groups[..(groups.Length / 2)].Select(SampleGroups.Closed).ToArray());
    })];

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public void Floor()
    {
        foreach (var (floor, slots) in _floors)
        {
            foreach (var slot in slots)
            {
                floor.Remove(slot.Slot);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public void SlotQueue()
    {
        foreach (var (queue, closed) in _queues)
        {
            foreach (var request in closed)
            {
                queue.Apply(request);
            }
        }
    }

    private SlotGroup[] LotsOf(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(1, Slots / SlotsOfRequest).Select(n => SampleGroups.Request(n, SlotsOfRequest, random)),
        ];
    }
}
