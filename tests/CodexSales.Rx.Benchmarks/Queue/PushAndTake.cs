using BenchmarkDotNet.Attributes;
using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>A slot comes and the best one is taken, with one subscriber.</summary>
public class PushAndTake() : SideBySide(worstLeaves: false)
{
    [Benchmark(Baseline = true, OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Floor()
    {
        foreach (var slot in Run)
        {
            SetAndDictionary.Push(slot);
            SetAndDictionary.TakeBest();
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void Cache()
    {
        foreach (var slot in Run)
        {
            ObservableCache.Add(slot, QueueCause.Requested);
            ObservableCache.TryTakeFirst(QueueCause.Taken, out _);
        }
    }

    [Benchmark(OperationsPerInvoke = SampleQueue.SlotsPerRun)]
    public void SlotQueue()
    {
        foreach (var opened in Opened)
        {
            LotQueue.Apply(opened);
            LotQueue.TakeBest();
        }
    }
}
