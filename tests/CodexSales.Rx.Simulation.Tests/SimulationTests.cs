using CodexSales.Rx.Simulation.Commands;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Tests;

public sealed class SimulationTests
{
    // What a loaded machine gets done meanwhile is enough: the long run is a command of its own.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    /// <summary>Each of them found a bug once.</summary>
    public static TheoryData<int> Findings =>
        [5, 20, 127, 308, 378, 436, 537, 547, 894, 914, 1128, 1278, 2325, 4262, 5204, 5924, 8239, 14578];

    [Fact]
    public void No_seed_breaks_a_check()
    {
        using var told = new StringWriter();

        var failed = new SeedRun(told, LongestRun).Run(1, (count, elapsed) => count >= 400 || elapsed > LongestRun);

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
    [InlineData(20)]
    [InlineData(2325)]
    public void A_seed_tells_the_same_story_twice(int seed)
    {
        using var first = new StringWriter();
        using var second = new StringWriter();

        Report.Tell(first, Simulation.Run(ScenarioDraw.Of(seed), isTold: true));
        Report.Tell(second, Simulation.Run(ScenarioDraw.Of(seed), isTold: true));

        Assert.Equal(first.ToString(), second.ToString());
    }
}
