using System.Diagnostics;
using CodexSales.Rx.Simulation.Commands;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Tests;

public sealed class SimulationTests
{
    // What a loaded machine gets done meanwhile is enough: the long run is a command of its own.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>Each of them found a bug, as scenarios were drawn then; the bugs have tests of their own.</summary>
    public static TheoryData<int> Findings =>
    [
        5, 20, 127, 308, 378, 407, 436, 494, 537, 547, 867, 894, 914, 1128, 1278, 1806, 2325, 3110, 4262, 4338, 4935,
        5204, 5924, 6295, 6578, 6925, 7062, 8239, 9216, 9306,
        14578, 14688, 14775, 16484, 33347, 38765, 39090, 41093, 47732, 49177, 104605, 105416, 106309, 117137, 133903, 134688, 135792, 138691, 200890, 253990, 317250,
        326204, 413225, 414058,
    ];

    [Fact]
    public void No_seed_breaks_a_check()
    {
        using var told = new StringWriter();

        var failed = new SeedRun(ScenarioDraw.Of, told, LongestRun).Run(
            1, (count, elapsed) => count >= 4_000 || elapsed > LongestRun);

        Assert.True(failed.Count == 0, told.ToString());
    }

    [Theory, MemberData(nameof(Findings))]
    public void A_seed_that_found_a_bug_finds_none_any_more(int seed)
    {
        var outcome = Simulation.Run(ScenarioDraw.Of(seed));

        Assert.Null(outcome.Violation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(407)]
    public async Task A_seed_tells_the_same_story_in_every_process(int seed)
    {
        var here = Story(seed);
        using var other = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "simulate.dll"), "--seed", $"{seed}"])
        {
            RedirectStandardOutput = true,
        })!;
        var there = await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(here, Story(seed));
        Assert.Equal(here, there);
        Assert.True(here.Split('\n').Length > 20);
    }

    private static string Story(int seed)
    {
        using var told = new StringWriter();
        Report.Tell(told, Simulation.Run(ScenarioDraw.Of(seed), isTold: true));
        return told.ToString();
    }
}
