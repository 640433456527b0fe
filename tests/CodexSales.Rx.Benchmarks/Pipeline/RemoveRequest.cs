using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>A request of ten slots leaves the queue and comes back, with one subscriber. The floor does each slot alone.</summary>
public class RemoveRequest
{
    private const int SlotsOfRequest = 10;
    private const int Requests = 1_000;

    private Floor _floor = SampleQueue.FloorOf([]);
    private OpenSlot[][] _picks = [];
    private SlotQueue _queue = SampleLots.QueueOf(1, []);
    private (LotChanges Closed, LotChanges Opened)[] _changes = [];

    /// <summary>The number of slots in the queue.</summary>
    [Params(1_000, 65_000)]
    public int Slots { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        SlotLot[] lots =
        [
            .. Enumerable.Range(1, Slots / SlotsOfRequest).Select(n => SampleLots.Request(n, SlotsOfRequest, random)),
        ];
        _queue = SampleLots.QueueOf(Slots, lots.Select(SampleLots.Opened));
        OpenSlot[] slots = [.. _queue.Snapshot.Items];
        _floor = SampleQueue.FloorOf(slots);
        var picks = random.GetItems(lots, Requests);
        var slotsOf = slots.ToLookup(slot => slot.Terms.RequestId);
        _picks = [.. picks.Select(lot => slotsOf[lot.Terms.RequestId].ToArray())];
        _changes = [.. picks.Select(lot => (SampleLots.Closed(lot), SampleLots.Opened(lot)))];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Requests)]
    public void Floor()
    {
        foreach (var slots in _picks)
        {
            foreach (var slot in slots)
            {
                _floor.Remove(slot.Slot);
            }

            foreach (var slot in slots)
            {
                _floor.Push(slot);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Requests)]
    public void SlotQueue()
    {
        foreach (var (closed, opened) in _changes)
        {
            _queue.Apply(closed);
            _queue.Apply(opened);
        }
    }
}
