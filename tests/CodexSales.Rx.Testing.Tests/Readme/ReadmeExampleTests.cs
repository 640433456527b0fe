using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Pipeline;

namespace CodexSales.Rx.Testing.Tests.Readme;

/// <summary>The README's example of a test with time in it: word for word, and it passes.</summary>
public sealed class ReadmeExampleTests
{
    private static readonly Address Me = Address.Parse("0x1111111111111111111111111111111111111111");
    private static readonly StorageAsk Ask = SomeRequests.Ask;

    private static readonly Availability Offer = new()
    {
        Id = new AvailabilityId("disk 1"),
        TotalBytes = 1UL << 30,
        MaxDurationSeconds = 30 * 86_400,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1_000_000,
    };

    // README: begin
    [Fact]
    public void An_alarm_is_raised_when_no_sale_has_made_a_step_for_three_hours()
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(Me), new SimulatedStorage(time), new SimulatedProver(time),
            new SalesPipelineOptions(), time);
        using var alarms = time.Record(pipeline.Run().Throttle(TimeSpan.FromHours(3), time));
        time.Run(() => pipeline.Availabilities.SaveAsync(Offer));
        chain.RequestStorage(Ask, expirySeconds: 600);
        time.AdvanceBy(TimeSpan.FromDays(1));
        Assert.Equal(["03:04:12", "13:00:36"], alarms.Values.Select(alarm => $"{alarm.At}"));
    }
    // README: end

    [Fact]
    public void The_example_is_the_one_that_is_compiled_and_run()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", "README.md"));
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", "ReadmeExampleTests.cs"));
        var lines = source.Split('\n')
            .SkipWhile(line => !line.Contains("// README: begin", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.Contains("// README: end", StringComparison.Ordinal))
            .Select(line => line.Length > 4 ? line[4..] : "")
            .ToList();

        Assert.InRange(lines.Count, 1, 15);
        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```\n", readme, StringComparison.Ordinal);
    }
}
