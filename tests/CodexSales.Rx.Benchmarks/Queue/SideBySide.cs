using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Benchmarks.Pipeline;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>
/// The floor, the cache and the slot queue, each with the same slots, which come one by one while the queue stays as
/// long as it is.
/// </summary>
public abstract class SideBySide
{
    // As many as a benchmark needs before the queue is filled anew, warm-up included.
    private const int Runs = 10;

    private readonly bool _worstLeaves;
    private SampleQueue _source = null!; // Made by the setup.

    private protected SideBySide(bool worstLeaves) => _worstLeaves = worstLeaves;

    /// <summary>The number of slots in the queue.</summary>
    [Params(128, 8_192, 65_535, 1_000_000)]
    public int Slots { get; set; }

    private protected Floor SetAndDictionary { get; private set; } = SampleQueue.FloorOf([]);

    private protected SortedObservableCache<OpenSlot, SlotKey, QueueCause> ObservableCache { get; private set; } =
        SampleQueue.CacheOf([]);

    private protected SlotQueue LotQueue { get; private set; } = SampleGroups.QueueOf(1, []);

    /// <summary>The slots that come next.</summary>
    private protected OpenSlot[] Run { get; private set; } = [];

    /// <summary>The same, as the slot queue gets them.</summary>
    private protected SlotGroupChanges[] Opened { get; private set; } = [];

    [GlobalSetup(Targets = ["Floor", "FloorThatKeeps"])]
    public void FillFloor() => Fill(slots => SetAndDictionary = SampleQueue.FloorOf(slots));

    [GlobalSetup(Target = "Cache")]
    public void FillCache() => Fill(slots => ObservableCache = SampleQueue.CacheOf(slots));

    // Where it is the best that leaves, there is room for the one that comes before.
    [GlobalSetup(Target = "SlotQueue")]
    public void FillQueue() => Fill(slots =>
        LotQueue = SampleGroups.QueueOf(_worstLeaves ? Slots : Slots + 1, slots.Select(SampleGroups.Opened)));

    [IterationSetup(Targets = ["Floor", "FloorThatKeeps", "Cache"])]
    public void NextRun() => Run = _source.NextRun();

    [IterationSetup(Target = "SlotQueue")]
    public void NextRunOfGroups() => Opened = [.. _source.NextRun().Select(SampleGroups.Opened)];

    private void Fill(Action<OpenSlot[]> fill) => _source = new SampleQueue(Slots, Runs, _worstLeaves, fill);
}
