using CodexSales.Rx.Simulation.Checks;
using CodexSales.Rx.Simulation.Scenarios;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation;

/// <summary>What came of a scenario.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Violation">What should never have happened; null when all was well.</param>
/// <param name="Elapsed">How much time of the provider's it took.</param>
/// <param name="Story">What happened, line by line; empty when nobody asked.</param>
internal sealed record Outcome(Scenario Scenario, Violation? Violation, TimeSpan Elapsed, IReadOnlyList<string> Story);

/// <summary>Runs a scenario, and checks at each moment what must always hold.</summary>
internal static class Simulation
{
    // Beyond the last request's end and all that follows from it.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromDays(3);

    public static Outcome Run(Scenario scenario, bool isTold = false)
    {
        using var world = new World(scenario, isTold);
        try
        {
            Run(world);
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            world.Verdict.Break(
                "no bug",
                $"{bug.GetType().Name} out of the run: {bug.Message}{(isTold ? bug.StackTrace : "")}");
        }

        if (world.Verdict.First is { } violation)
        {
            world.Story.Tell("violation", violation.Check, $"{violation.Message}");
        }

        return new Outcome(scenario, world.Verdict.First, world.Time.Elapsed, world.Story.Lines);
    }

    private static void Run(World world)
    {
        RunUntil(world, world.Time.Now + world.Scenario.Settings.Span);
        RunUntil(world, world.Keeper.Silence.Until);
        world.CalmDown();
        RunUntil(world, world.Time.Now + LongestEnd);
        if (world.Verdict.First is null)
        {
            Ending.Check(world);
        }
    }

    private static void RunUntil(World world, DateTimeOffset end)
    {
        while (world.Verdict.First is null && !world.IsOver && world.Time.NextDue is { } next && next <= end)
        {
            world.Time.AdvanceTo(next);
            world.Process?.Inspector.CheckMoment();
            world.CheckDead();
        }

        if (world.Verdict.First is null && !world.IsOver && world.Time.Now < end)
        {
            world.Time.AdvanceTo(end);
        }
    }
}
