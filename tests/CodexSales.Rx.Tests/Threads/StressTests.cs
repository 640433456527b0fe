using System.Collections.Concurrent;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>Runs on a thread of their own, each ended from another one at some moment.</summary>
public sealed class StressTests
{
    private const int Runs = 1_000;
    private const int AtOnce = 4;

    [Fact]
    public void However_and_whenever_a_run_is_ended_nothing_is_thrown_and_nothing_of_it_is_left()
    {
        var ways = Enum.GetValues<StressRun.Way>();
        var faults = new ConcurrentQueue<string>();
        var next = -1;

        // Not on threads of the pool, which the ports need.
        var threads = Enumerable.Range(0, AtOnce).Select(_ => new Thread(RunMany)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Take(5)));

        void RunMany()
        {
            for (var seed = Interlocked.Increment(ref next); seed < Runs; seed = Interlocked.Increment(ref next))
            {
                var way = ways[seed % ways.Length];
                try
                {
                    using var run = new StressRun(seed);
                    foreach (var fault in run.FindFaults(way))
                    {
                        faults.Enqueue($"{way}, seed {seed}: {fault}");
                    }
                }
                catch (Exception thrown)
                {
                    faults.Enqueue($"{way}, seed {seed}: {thrown}");
                }
            }
        }
    }
}
