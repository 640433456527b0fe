using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>The whole pipeline on the scheduler that Rx has for tests: what a host app with tests of that kind would write.</summary>
public sealed class TestSchedulerTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_slot_is_acquired_hosted_and_paid_at_times_that_can_be_told_beforehand()
    {
        using var chain = new SimulatedChain(_scheduler, new SimulatedChainOptions { BlockSeconds = 10 });
        var storage = new SimulatedStorage(_scheduler);
        var prover = new SimulatedProver(_scheduler);
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), storage, prover, new SalesPipelineOptions(), _scheduler);
        _ = pipeline.StartAsync();
        _ = pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        _scheduler.ScheduleAbsolute(Seconds(100), () => chain.RequestStorage(
            SalesFixture.Ask(price: 2, durationSeconds: 1_000), expirySeconds: 300));

        // Start goes on until nothing is to come, and blocks always are, as long as somebody sells.
        _scheduler.ScheduleAbsolute(Seconds(3_000), pipeline.Dispose);

        var seen = _scheduler.Start(() => pipeline.Steps, 0, Seconds(1), Seconds(3_001));

        Assert.Equal(
            "110 SalePreparing; 110 SaleSlotReserving; 120 SaleDownloading; 141 SaleInitialProving; 240 SaleFilling; 250 SaleFilled; "
                + "250 SaleProving; 1120 SalePayout; 1130 SaleFinished",
            string.Join("; ", seen.Messages.SkipLast(1).Select(step => $"{step.Time / TimeSpan.TicksPerSecond} {step.Value.Value.State}")));
        Assert.Equal(OnCompleted<SaleStep>(Seconds(3_000)), seen.Messages[^1]);
    }
}
