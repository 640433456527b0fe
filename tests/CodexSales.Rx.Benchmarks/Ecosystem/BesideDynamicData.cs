using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;
using DynamicData;
using DynamicData.Binding;

namespace CodexSales.Rx.Benchmarks.Ecosystem;

/// <summary>
/// Our cache beside DynamicData's, with the same slots and one subscriber each. Theirs is bound in the fastest way that it has: a
/// binary search in a plain list, which has the best slot last, where taking it moves nothing.
/// </summary>
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class BesideDynamicData
{
    private const string Push = "push + take best";
    private const string Change = "an item changes";
    private const string LookUp = "look-up";
    private const string Late = "a change, then a late subscriber";

    // As many as a benchmark needs before the queue is filled anew, warm-up included.
    private const int Runs = 10;

    private static readonly IComparer<OpenSlot> _bestLast =
        Comparer<OpenSlot>.Create((one, other) => SlotOrder.Standard.Compare(other, one));

    private static readonly SortAndBindOptions _fastest = new() { UseBinarySearch = true };

    private SampleQueue _source = null!; // All made by the setup.
    private SortedObservableCache<OpenSlot, SlotKey, QueueCause> _ours = null!;
    private SourceCache<OpenSlot, SlotKey> _theirs = null!;
    private List<OpenSlot> _bound = null!;
    private OpenSlot[] _run = null!;
    private OpenSlot _changing = null!;

    /// <summary>The number of slots.</summary>
    [Params(128, 8_192, 65_535)]
    public int Slots { get; set; }

    [GlobalSetup(Targets = [nameof(PushOurs), nameof(ChangeOurs), nameof(LookUpOurs), nameof(LateOurs)])]
    public void FillOurs() => Fill(slots => _ours = SampleQueue.CacheOf(slots));

    [GlobalSetup(Targets = [nameof(PushTheirs), nameof(ChangeTheirs), nameof(LookUpTheirs), nameof(LateTheirs)])]
    public void FillTheirs() => Fill(slots =>
    {
        (_theirs, _bound) = (new SourceCache<OpenSlot, SlotKey>(slot => slot.Slot), []);
        _theirs.Connect().SortAndBind(_bound, _bestLast, _fastest).Subscribe();
        Array.ForEach(slots, _theirs.AddOrUpdate);
    });

    [IterationSetup(Targets = [nameof(PushOurs), nameof(PushTheirs)])]
    public void NextRun() => _run = _source.NextRun();

    [BenchmarkCategory(Push)]
    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void PushOurs()
    {
        foreach (var slot in _run)
        {
            _ours.Add(slot, QueueCause.Requested);
            _ours.TryTakeFirst(QueueCause.Taken, out _);
        }
    }

    [BenchmarkCategory(Push)]
    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void PushTheirs()
    {
        foreach (var slot in _run)
        {
            _theirs.AddOrUpdate(slot);
            _theirs.Remove(_bound[^1].Slot);
        }
    }

    [BenchmarkCategory(Change)]
    [Benchmark(Baseline = true)]
    public void ChangeOurs() => _ours.AddOrUpdate(_changing = _changing with { }, QueueCause.AvailabilityChanged);

    [BenchmarkCategory(Change)]
    [Benchmark]
    public void ChangeTheirs() => _theirs.AddOrUpdate(_changing = _changing with { });

    [BenchmarkCategory(LookUp)]
    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public int LookUpOurs()
    {
        var found = 0;
        foreach (var slot in _run)
        {
            found += _ours.Contains(slot.Slot) ? 1 : 0;
        }

        return found;
    }

    [BenchmarkCategory(LookUp)]
    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public int LookUpTheirs()
    {
        var found = 0;
        foreach (var slot in _run)
        {
            found += _theirs.Lookup(slot.Slot).HasValue ? 1 : 0;
        }

        return found;
    }

    [BenchmarkCategory(Late)]
    [Benchmark(Baseline = true)]
    public void LateOurs()
    {
        _ours.AddOrUpdate(_changing = _changing with { }, QueueCause.AvailabilityChanged);
        using var subscription = _ours.Connect().Subscribe(new Subscriber());
    }

    [BenchmarkCategory(Late)]
    [Benchmark]
    public void LateTheirs()
    {
        _theirs.AddOrUpdate(_changing = _changing with { });
        using var subscription = _theirs.Connect().SortAndBind(new List<OpenSlot>(Slots), _bestLast, _fastest).Subscribe();
    }

    private void Fill(Action<OpenSlot[]> fill)
    {
        _source = new SampleQueue(Slots, Runs, worstLeaves: false, fill);
        var slots = _source.InQueue.ToArray();
        (_changing, _run) = (slots[Slots / 2], new Random(2).GetItems(slots, SampleQueue.SlotsPerRun));
    }
}
