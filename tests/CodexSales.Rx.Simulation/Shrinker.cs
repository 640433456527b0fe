using System.Collections.Immutable;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation;

/// <summary>Leaves out of a scenario whatever its violation does not need.</summary>
internal static class Shrinker
{
    // Each run is a whole scenario, and what is left by then is short enough to read.
    private const int MostRuns = 400;

    /// <summary>A smaller scenario that breaks the same check; the same one when nothing can be left out.</summary>
    /// <param name="failed">What came of the scenario.</param>
    /// <param name="run">Runs another one.</param>
    public static Outcome Shrink(Outcome failed, Func<Scenario, Outcome> run)
    {
        if (failed.Violation is null)
        {
            return failed;
        }

        var runs = 0;
        var best = failed;
        for (var before = -1; before != best.Scenario.Acts.Length && runs < MostRuns;)
        {
            before = best.Scenario.Acts.Length;
            for (var size = Math.Max(1, before / 2); size >= 1; size /= 2)
            {
                for (var start = 0; start < best.Scenario.Acts.Length && runs < MostRuns;)
                {
                    var fewer = Without(best.Scenario.Acts, start, size);
                    start += Try(best.Scenario with { Acts = fewer }) ? 0 : size;
                }
            }
        }

        foreach (var simpler in Simplifications)
        {
            Try(best.Scenario with { Settings = simpler(best.Scenario.Settings) });
        }

        return best;

        bool Try(Scenario smaller)
        {
            runs++;
            var outcome = run(smaller);
            if (outcome.Violation?.Check != failed.Violation.Check)
            {
                return false;
            }

            best = outcome;
            return true;
        }
    }

    private static readonly ImmutableArray<Func<Settings, Settings>> Simplifications =
    [
        settings => settings with { Competitor = null },
        settings => settings with { NewsDelay = TimeSpan.Zero },
        settings => settings with { ToldTwicePercent = 0 },
        settings => settings with { WriteTime = TimeSpan.Zero },
        settings => settings with { ProofTime = TimeSpan.Zero },
        settings => settings with { Market = settings.Market with { CallLatency = TimeSpan.Zero } },
        settings => settings with { Market = settings.Market with { TransactionLatency = TimeSpan.Zero } },
        settings => settings with { Market = settings.Market with { NodesBehind = [0] } },
        settings => settings with { Market = settings.Market with { UnknownBlockPercent = 0 } },
        settings => settings with { Market = settings.Market with { Confirmations = 0 } },
        settings => settings with { Chain = settings.Chain with { FirstBlockAge = TimeSpan.Zero } },
        settings => settings with
        {
            Chain = settings.Chain with { FirstBlockAge = TimeSpan.Zero, BlockSeconds = 12 },
        },
        settings => settings with { Storage = settings.Storage with { CallLatency = TimeSpan.Zero } },
        settings => settings with { Pipeline = settings.Pipeline with { Selling = new() } },
        settings => settings with { Pipeline = settings.Pipeline with { Workers = 1 } },
        settings => settings with { Pipeline = settings.Pipeline with { QueueCapacity = 128 } },
    ];

    private static ImmutableArray<Act> Without(ImmutableArray<Act> acts, int start, int size) =>
        [.. acts[..start], .. acts[Math.Min(start + size, acts.Length)..]];
}
