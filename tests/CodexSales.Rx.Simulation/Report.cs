using System.Globalization;

namespace CodexSales.Rx.Simulation;

/// <summary>Tells of a scenario in text: the same text for the same seed, in every process.</summary>
internal static class Report
{
    /// <summary>How a seed is set up, what happened, and what was violated.</summary>
    public static void Tell(TextWriter to, Outcome outcome)
    {
        var (scenario, settings) = (outcome.Scenario, outcome.Scenario.Settings);
        Write(to, $"seed {scenario.Seed}: {scenario.Acts.Length} acts in {settings.Span:g}");
        Write(to, $"  workers {settings.Pipeline.Workers}, queue {settings.Pipeline.QueueCapacity}, period {settings.Chain.Rules.ProofPeriodSeconds} s, reservations {settings.Chain.MaxReservations}");
        Write(to, $"  call {settings.Market.CallLatency:g}, transaction {settings.Market.TransactionLatency:g}, write {settings.WriteTime:g}, proof {settings.ProofTime:g}, storage {settings.Storage.BytesPerSecond} B/s and {settings.Storage.CallLatency:g}, {(settings.Competitor is null ? "no competitor" : "a competitor")}");
        Write(to, $"  news {settings.NewsDelay:g}, {settings.ToldTwicePercent} % of it twice, confirmations {settings.Market.Confirmations}");
        foreach (var line in outcome.Story)
        {
            to.WriteLine(line);
        }

        if (outcome.Violation is { } violation)
        {
            Write(to, $"VIOLATION of [{violation.Check}] after {violation.At:g}: {violation.Message}");
        }
        else
        {
            Write(to, $"all is well after {outcome.Elapsed:g}");
        }
    }

    /// <summary>A violation, how to see it again, and the smallest scenario that shows it.</summary>
    public static void TellFailure(TextWriter to, Outcome failed)
    {
        var small = Shrinker.Shrink(failed, smaller => Simulation.Run(smaller));
        Write(to, $"seed {failed.Scenario.Seed} breaks [{failed.Violation!.Check}] after {failed.Violation.At:g}: {failed.Violation.Message}");
        Write(to, $"replay: simulate --seed {failed.Scenario.Seed}");
        Write(to, $"shrunk from {failed.Scenario.Acts.Length} acts to these {small.Scenario.Acts.Length}:");
        foreach (var act in small.Scenario.Acts)
        {
            Write(to, $"  {act.At:g}  {act}");
        }

        Tell(to, Simulation.Run(small.Scenario, isTold: true));
    }

    private static void Write(TextWriter to, FormattableString line) =>
        to.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
