namespace CodexSales.Node.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_run_to_the_last_line()
    {
        var once = await CommandRun.OfAsync("demo", "--days", "0.2", "--seed", "7");
        var again = await CommandRun.OfAsync("demo", "--days", "0.2", "--seed", "7");

        Assert.Equal((0, ""), (once.ExitCode, once.Error));
        Assert.Equal(once.Output, again.Output);
    }

    [Fact]
    public async Task Another_seed_gives_another_run()
    {
        var one = await CommandRun.OfAsync("--days", "0.1", "--seed", "1");
        var other = await CommandRun.OfAsync("--days", "0.1", "--seed", "2");

        Assert.NotEqual(one.Lines.Skip(1), other.Lines.Skip(1));
    }

    [Fact]
    public async Task The_demo_is_what_runs_without_a_command()
    {
        var bare = await CommandRun.OfAsync("--days", "0.1");
        var named = await CommandRun.OfAsync("demo", "--days", "0.1");

        Assert.Equal(named, bare);
    }

    [Fact]
    public async Task Slots_are_sold_and_the_summary_says_what_became_of_all()
    {
        var run = await CommandRun.OfAsync("demo", "--days", "0.3");

        Assert.Contains(run.Lines, line => line.Contains(" filled: ", StringComparison.Ordinal));
        Assert.Contains("After 7 h 12 min on the market (seed 1):", run.Lines);
        Assert.All(
            ["Slots sold", "Earned", "Not sold", "Refused", "Queue", "Workers", "Space 'fast'", "Space 'archive'"],
            row => Assert.Single(run.Lines, line => line.StartsWith($"  {row} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_more_workers_are_busy_than_there_are()
    {
        var run = await CommandRun.OfAsync("demo", "--days", "0.2", "--workers", "2", "--queue-size", "5");

        Assert.Contains("  Workers            2 of 2 busy at once at most", run.Output, StringComparison.Ordinal);
        Assert.Contains("  Queue              5 of 5 places at its peak", run.Output, StringComparison.Ordinal);
    }
}
