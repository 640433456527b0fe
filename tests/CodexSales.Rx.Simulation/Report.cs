
namespace CodexSales.Rx.Simulation;

/// <summary>Tells of a scenario in text: the same text for the same seed, in every process.</summary>
internal static class Report
{
    /// <summary>How a seed is set up, what happened, and what was violated.</summary>
    public static void Tell(TextWriter to, Outcome outcome)
    {
        var (scenario, settings) = (outcome.Scenario, outcome.Scenario.Settings);
        to.WriteLine($"seed {scenario.Seed}: {scenario.Acts.Length} acts in {settings.Span:g}");
        to.WriteLine(
            $"  workers {settings.Pipeline.Workers}, queue {settings.Pipeline.QueueCapacity}, "
            + $"blocks of {settings.Chain.BlockSeconds} s from {settings.Chain.FirstBlockAge.TotalSeconds:f1} s before, "
            + $"period {settings.Chain.Rules.ProofPeriodSeconds} s, reservations {settings.Chain.MaxReservations}, "
            + $"{(settings.Competitor is null ? "no competitor" : "a competitor")}");
        to.WriteLine(
            $"  call {settings.Market.CallLatency:g}, transaction {settings.Market.TransactionLatency:g} and "
            + $"{settings.Market.Confirmations} blocks, nodes {NamesOf(settings.Market.NodesBehind)}, write {settings.WriteTime:g}, proof {settings.ProofTime:g}");
        to.WriteLine(
            $"  storage {settings.Storage.BytesPerSecond} B/s and {settings.Storage.CallLatency:g}, "
            + $"news {settings.NewsDelay:g} and {settings.ToldTwicePercent} % of it twice");
        foreach (var line in outcome.Story)
        {
            to.WriteLine(line);
        }

        if (outcome.Violation is { } violation)
        {
            to.WriteLine($"VIOLATION of [{violation.Check}] after {violation.At:g}: {violation.Message}");
        }
        else
        {
            to.WriteLine($"all is well after {outcome.Elapsed:g}");
        }
    }

    /// <summary>A violation, how to see it again, and the smallest scenario that shows it.</summary>
    public static void TellFailure(TextWriter to, Outcome failed)
    {
        var small = Shrinker.Shrink(failed, smaller => Simulation.Run(smaller));
        to.WriteLine(
            $"seed {failed.Scenario.Seed} breaks [{failed.Violation!.Check}] after {failed.Violation.At:g}: "
            + failed.Violation.Message);
        to.WriteLine($"replay: simulate --seed {failed.Scenario.Seed}");
        to.WriteLine($"shrunk from {failed.Scenario.Acts.Length} acts to these {small.Scenario.Acts.Length}:");
        foreach (var act in small.Scenario.Acts)
        {
            to.WriteLine($"  {act.At:g}  {act}");
        }

        Tell(to, Simulation.Run(small.Scenario, isTold: true));
    }

    private static string NamesOf(IReadOnlyList<int> nodesBehind) =>
        string.Join(' ', nodesBehind.Select(behind => $"-{behind}"));
}
