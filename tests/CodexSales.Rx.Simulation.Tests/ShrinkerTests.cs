using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Tests;

public sealed class ShrinkerTests
{
    private static readonly Violation Violation = new(default, "books", "They don't balance.");

    [Fact]
    public void Only_what_the_violation_needs_is_left()
    {
        var scenario = ScenarioDraw.Of(407);
        Act[] needed = [scenario.Acts[3], scenario.Acts[^2]];

        var small = Shrinker.Shrink(Run(scenario), Run);

        Assert.Equal(needed, small.Scenario.Acts);
        Assert.Equal((null, 1), (small.Scenario.Settings.Competitor, small.Scenario.Settings.Pipeline.Workers));

        Outcome Run(Scenario smaller) => new(
            smaller, needed.All(act => smaller.Acts.Contains(act)) ? Violation : null, default, []);
    }

    [Fact]
    public void A_violation_of_another_check_does_not_count()
    {
        var scenario = ScenarioDraw.Of(407);

        var small = Shrinker.Shrink(
            new Outcome(scenario, Violation, default, []),
            smaller => new Outcome(smaller, Violation with { Check = "queue" }, default, []));

        Assert.Same(scenario, small.Scenario);
    }
}
