using System.Text.RegularExpressions;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Tests;

public sealed partial class ReportTests
{
    private static readonly Outcome _failed =
        new(ScenarioDraw.Of(3), new Violation(TimeSpan.FromMinutes(5), "books", "They don't balance."), default, []);

    [Fact]
    public void A_failure_tells_its_seed_how_to_replay_it_and_what_is_left_of_it()
    {
        var (acts, lines) = (_failed.Scenario.Acts, LinesOf(_failed));

        Assert.Equal(
            [
                "seed 3 breaks [books] after 0:05:00: They don't balance.",
                "replay: simulate --seed 3",
                $"shrunk from {acts.Length} acts to these {acts.Length}:",
                .. acts.Select(act => $"  {act.At:g}  {act}"),
                $"seed 3: {acts.Length} acts in {_failed.Scenario.Settings.Span:g}",
            ],
            lines[..(acts.Length + 4)]);
    }

    [Fact]
    public void A_story_has_one_aligned_line_an_event() => Assert.All(
        Simulation.Run(_failed.Scenario, isTold: true).Story,
        line => Assert.Matches(AlignedLine(), line));

    private static string[] LinesOf(Outcome failed)
    {
        using var told = new StringWriter();
        Report.TellFailure(told, failed);
        return told.ToString().Split('\n');
    }

    // When, who, about what, and what happened.
    [GeneratedRegex(@"^\d+\.\d\d:\d\d:\d\d\.\d{3}  .{8}  .{8}  \S.*$", RegexOptions.Singleline)]
    private static partial Regex AlignedLine();
}
