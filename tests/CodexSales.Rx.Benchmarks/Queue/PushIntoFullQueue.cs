using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>
/// A slot comes to a full queue and the worst one leaves it, in one edit, with one subscriber. The floor and the cache
/// drop it; in the slot queue it goes to wait outside, in order, as it does in the floor that keeps.
/// </summary>
public class PushIntoFullQueue() : SideBySide(worstLeaves: true)
{
    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Floor()
    {
        foreach (var slot in Run)
        {
            SetAndDictionary.PushAndEvictWorst(slot);
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void FloorThatKeeps()
    {
        foreach (var slot in Run)
        {
            SetAndDictionary.PushAndKeepWorst(slot);
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Cache()
    {
        foreach (var slot in Run)
        {
            ObservableCache.Edit(slot, static (editor, added) =>
            {
                editor.Add(added, QueueCause.Requested);
                return editor.TryTakeLast(QueueCause.Evicted, out _);
            });
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void SlotQueue()
    {
        foreach (var opened in Opened)
        {
            LotQueue.Apply(opened);
        }
    }
}
