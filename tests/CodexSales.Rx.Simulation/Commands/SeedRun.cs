using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Commands;

/// <summary>Runs seed after seed, and tells how it goes.</summary>
/// <param name="draw">Gives the scenario of a seed.</param>
/// <param name="to">Where it is told.</param>
/// <param name="longestSilence">After how much time something is told at the latest.</param>
internal sealed class SeedRun(Func<int, Scenario> draw, TextWriter to, TimeSpan longestSilence)
{
    /// <summary>Runs seeds until there were enough.</summary>
    /// <param name="from">The first one.</param>
    /// <param name="isEnough">Asked before each seed: given how many were run and for how long.</param>
    /// <returns>The seeds with violations.</returns>
    public IReadOnlyList<int> Run(int from, Func<int, TimeSpan, bool> isEnough)
    {
        var watch = Stopwatch.StartNew();
        var (count, simulated, told) = (0, TimeSpan.Zero, TimeSpan.Zero);
        List<int> failed = [];
        while (!isEnough(count, watch.Elapsed))
        {
            var outcome = Simulation.Run(draw(from + count));
            count++;
            simulated += outcome.Elapsed;
            if (outcome.Violation is not null)
            {
                failed.Add(outcome.Scenario.Seed);
                Report.TellFailure(to, outcome);
            }

            if (watch.Elapsed - told >= longestSilence)
            {
                told = watch.Elapsed;
                Summarize(from, count, failed.Count, simulated, told);
            }
        }

        Summarize(from, count, failed.Count, simulated, watch.Elapsed);
        return failed;
    }

    private void Summarize(int from, int count, int failed, TimeSpan simulated, TimeSpan elapsed)
    {
        var years = simulated.TotalDays / 365;
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seeds {from} to {from + count - 1}: {count} run, {failed} with a violation; {years:f2} provider-years in "
            + $"{elapsed:hh\\:mm\\:ss}, {years / elapsed.TotalMinutes:f2} a minute"));
    }
}
