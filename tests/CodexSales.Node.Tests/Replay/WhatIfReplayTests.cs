using System.Text.Json;

namespace CodexSales.Node.Tests.Replay;

public sealed class WhatIfReplayTests
{
    private const string Generous = "size=1TiB,duration=30d,price=1,collateral=1000000000000000000";
    private const string Small = "size=1MiB,duration=30d,price=1,collateral=100000000";

    [Theory]
    [InlineData(Generous, 3, 128)]
    [InlineData(Generous, 1, 5)]
    [InlineData(Generous, 20, 128)]
    [InlineData(Small, 3, 128)]
    [InlineData(Small, 2, 1)]
    public async Task Every_started_sale_ends_and_nothing_is_left_of_it(string availability, int workers, int queueSize)
    {
        var run = await ReplayAsync(availability, workers, queueSize);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var summary = JsonElement.Parse(run.Lines.Last());
        var sales = summary.GetProperty("sales");
        Assert.True(Count(sales, "filled") > 0);
        Assert.Equal(
            Count(sales, "started"),
            Count(sales, "finished") + Count(sales, "cancelled") + Count(sales, "failed") + Count(sales, "ignored")
                + Count(sales, "errored"));
        Assert.Equal((0, 0), (Count(sales, "errored"), Count(summary, "heldBytes")));
        Assert.Equal("0", summary.GetProperty("heldCollateral").GetString());
        Assert.InRange(Count(summary, "maxConcurrentAcquisitions"), 1, workers);
    }

    [Fact]
    public async Task Each_sale_ends_with_its_reason_and_no_step_before_has_one()
    {
        var run = await ReplayAsync(Generous, 3, 128);

        var sales = run.Lines.Select(line => JsonElement.Parse(line))
            .Where(line => line.GetProperty("type").GetString() == "sale")
            .ToList();
        var ends = sales.Where(line => line.GetProperty("reason").ValueKind == JsonValueKind.String).ToList();
        Assert.Equal(sales.Count(line => line.GetProperty("state").GetString() == "SalePreparing"), ends.Count);
        Assert.All(ends, end => Assert.Matches(
            "^Sale(Finished|Cancelled|Failed|Ignored|Errored)$", end.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task The_same_command_prints_the_same_twice()
    {
        var once = await ReplayAsync(Generous, 3, 128);
        var again = await ReplayAsync(Generous, 3, 128);

        Assert.Equal(once, again);
    }

    [Fact]
    public async Task People_are_told_in_lines_and_a_summary()
    {
        var run = await CommandRun.OfAsync(
            "replay", "--logs", CommandRun.Recording("logs.jsonl"), "--availability", Generous);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(run.Lines, line => line.EndsWith("finished: The contract has paid.", StringComparison.Ordinal));
        Assert.Contains("  StorageRequested      49", run.Lines);
        Assert.Contains("Still held        0 bytes, 0 collateral", run.Lines);
    }

    private static Task<CommandRun> ReplayAsync(string availability, int workers, int queueSize) =>
        CommandRun.ReplayAsync(
            "--availability", availability, "--workers", $"{workers}", "--queue-size", $"{queueSize}");

    private static int Count(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
