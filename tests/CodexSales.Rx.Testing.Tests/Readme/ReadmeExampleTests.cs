using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Storage;
using Microsoft.Reactive.Testing;

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
        using var alarms = time.Record(pipeline.Steps.Throttle(TimeSpan.FromHours(3), time));
        time.Run(() => pipeline.StartAsync());
        time.Run(() => pipeline.Availabilities.SaveAsync(Offer));
        chain.RequestStorage(Ask, expirySeconds: 600);
        time.AdvanceBy(TimeSpan.FromDays(1));
        Assert.Equal(["03:04:12", "13:00:36"], alarms.Values.Select(alarm => $"{alarm.At}"));
    }
    // README: end

    // README, test scheduler: begin
    [Fact]
    public void An_alarm_is_raised_as_a_test_scheduler_records_it()
    {
        var time = new TestScheduler();
        using var chain = new SimulatedChain(time);
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(Me), new SimulatedStorage(time), new SimulatedProver(time), new SalesPipelineOptions(), time);
        _ = pipeline.StartAsync();
        _ = pipeline.Availabilities.SaveAsync(Offer);
        time.ScheduleAbsolute(1, () => chain.RequestStorage(Ask, expirySeconds: 600));
        time.ScheduleAbsolute(TimeSpan.TicksPerDay + 1, pipeline.Dispose); // Blocks come as long as somebody sells.
        var alarms = time.Start(() => pipeline.Steps.Throttle(TimeSpan.FromHours(3), time), 0, 1, TimeSpan.TicksPerDay);
        Assert.Equal(["03:04:12", "13:00:36"], alarms.Messages.Select(alarm => $"{TimeSpan.FromTicks(alarm.Time):hh':'mm':'ss}"));
    }
    // README, test scheduler: end

    // README, ports: begin
    private static async Task My_ports_keep_the_rules(
        ISlotStorage storage, IReadOnlyList<SlotDownload> downloads, Func<SlotKey, ulong> bytesOnDisk,
        IProver prover, IMarket market, SlotKey slot, Func<int, ISalesStore> begin,
        Func<ISalesStore, ISalesStore> restart, IScheduler time)
    {
        await PortContract.CheckStorageAsync(storage, downloads, bytesOnDisk, time);
        await PortContract.CheckProverAsync(prover, slot, Bytes32.Parse(One), Bytes32.Parse(Other), time);
        await PortContract.CheckMarketAsync(market, slot, time);
        await PortContract.CheckStoreAsync(begin, restart, time);
    }
    // README, ports: end

    [Fact]
    public void Ports_of_the_kit_keep_the_rules()
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        var slot = new SlotKey(chain.RequestStorage(Ask, expirySeconds: 600), 0);
        var storage = new SimulatedStorage(time);
        var downloads = new ulong[] { 0, 1 }
            .Select(index => new SlotDownload(slot with { SlotIndex = index }, SomeRequests.Request, default, IsRepair: false)).ToList();
        time.AdvanceBy(TimeSpan.FromSeconds(30));

        time.Run(() => My_ports_keep_the_rules(
            storage, downloads, key => storage.Stored.GetValueOrDefault(key), new SimulatedProver(time), chain.ConnectHost(Me), slot,
            capacity => new MemorySalesStore(capacity), store => store, time));
    }

    private const string One = "0x0000000000000000000000000000000000000000000000000000000000000001";
    private const string Other = "0x0000000000000000000000000000000000000000000000000000000000000002";

    [Theory]
    [InlineData("README")]
    [InlineData("README, test scheduler")]
    [InlineData("README, ports")]
    public void The_example_is_the_one_that_is_compiled_and_run(string mark)
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", "README.md"));
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readme", "ReadmeExampleTests.cs"));
        var lines = source.Split('\n')
            .SkipWhile(line => !line.Contains($"// {mark}: begin", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.Contains($"// {mark}: end", StringComparison.Ordinal))
            .Select(line => line.Length > 4 ? line[4..] : "")
            .ToList();

        Assert.InRange(lines.Count, 1, 15);
        Assert.Contains($"```csharp\n{string.Join('\n', lines)}\n```\n", readme, StringComparison.Ordinal);
    }
}
