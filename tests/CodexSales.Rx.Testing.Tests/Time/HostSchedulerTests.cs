using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Testing.Tests.Time;

/// <summary>
/// Everything of this kit runs on a host's own test scheduler: one that counts ticks, and has no idea of this kit.
/// </summary>
public sealed class HostSchedulerTests
{
    public static TheoryData<DateTimeOffset> Beginnings { get; } =
    [
        VirtualTime.Start, DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1),
        DateTimeOffset.UnixEpoch.AddDays(400),
    ];

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void A_slot_is_sold_hosted_and_paid_on_a_scheduler_of_the_hosts(DateTimeOffset beginning)
    {
        var time = new TickScheduler();
        time.AdvanceTo(beginning.UtcTicks);
        SellOn(time, span => time.AdvanceBy(span.Ticks));
    }

    [Fact]
    public void A_slot_is_sold_hosted_and_paid_on_a_historical_scheduler()
    {
        var time = new HistoricalScheduler();
        SellOn(time, time.AdvanceBy);
    }

    [Fact]
    public void A_chain_on_a_clock_that_nobody_has_set_begins_when_virtual_time_does()
    {
        using var chain = new SimulatedChain(new TickScheduler(), new SimulatedChainOptions { FirstBlockAge = TimeSpan.FromSeconds(3) });

        Assert.Equal(UnixSeconds.From(VirtualTime.Start - TimeSpan.FromSeconds(3)), chain.NewestBlock.Time);
    }

    private static void SellOn(IScheduler time, Action<TimeSpan> advance)
    {
        var core = new SchedulerLedger(time);
        var subscriptions = new SubscriptionLedger();
        using var chain = new SimulatedChain(time, new SimulatedChainOptions { MaxReorganisation = 2 });
        using var store = new SimulatedStore(time, TimeSpan.FromMilliseconds(5));
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(SomeRequests.Client),
            new SimulatedStorage(time),
            new SimulatedProver(time),
            new SalesPipelineOptions(),
            core,
            store);
        var steps = new List<SaleStep>();
        using var queue = pipeline.Queue.Connect().AssertChangeSets().Subscribe();
        using var run = subscriptions.Watch(pipeline.Steps.AssertRxContract(), "the steps").Subscribe(steps.Add);
        _ = pipeline.StartAsync();
        var saved = pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("v1"),
            TotalBytes = 10_000,
            MaxDurationSeconds = 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 10_000,
        });
        chain.RequestStorage(SomeRequests.Ask, 3_600);

        advance(TimeSpan.FromHours(1));
        BooksContract.AssertBalanced(pipeline.Availabilities.Snapshot);
        Assert.True(saved.IsCompletedSuccessfully);
        Assert.Equal(2, pipeline.Availabilities.Snapshot[0].Sales);

        advance(TimeSpan.FromHours(10));
        Assert.Equal(2, steps.Count(step => step.End is { Reason: SaleReason.Paid }));
        BooksContract.AssertNothingHeld(pipeline.Availabilities.Snapshot);
        run.Dispose();
        subscriptions.AssertAllGone();
        pipeline.Dispose();
        Assert.Equal(0, core.PendingCount);
    }

    /// <summary>Absolute time in ticks, and nothing runs before the next tick: as Rx has it for tests.</summary>
    private sealed class TickScheduler : VirtualTimeScheduler<long, long>
    {
        public override IDisposable ScheduleAbsolute<TState>(
            TState state, long dueTime, Func<IScheduler, TState, IDisposable> action) =>
            base.ScheduleAbsolute(state, dueTime <= Clock ? Clock + 1 : dueTime, action);

        protected override long Add(long absolute, long relative) => absolute + relative;

        protected override DateTimeOffset ToDateTimeOffset(long absolute) => new(absolute, TimeSpan.Zero);

        protected override long ToRelative(TimeSpan timeSpan) => timeSpan.Ticks;
    }
}
