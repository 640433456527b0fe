using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Pipeline;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Testing.Tests;

/// <summary>
/// Everything of this kit runs on a host's own test scheduler: one that counts ticks, and has no idea of this kit.
/// </summary>
public sealed class HostSchedulerTests
{
    [Fact]
    public void A_slot_is_sold_hosted_and_paid_on_a_scheduler_of_the_hosts()
    {
        var time = new TickScheduler();
        time.AdvanceTo(VirtualTime.Start.UtcTicks);
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
        using var run = subscriptions.Watch(pipeline.Run().AssertRxContract(), "the run").Subscribe(steps.Add);
        var saved = pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("v1"),
            TotalBytes = 10_000,
            MaxDurationSeconds = 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 10_000,
        });
        chain.RequestStorage(SomeRequests.Ask, 3_600);

        time.AdvanceBy(TimeSpan.FromHours(1).Ticks);
        BooksContract.AssertBalanced(pipeline.Availabilities.Current);
        Assert.True(saved.IsCompletedSuccessfully);
        Assert.Equal(2, pipeline.Availabilities.Current[0].Sales);

        time.AdvanceBy(TimeSpan.FromHours(10).Ticks);
        Assert.Equal(2, steps.Count(step => step.End is { Reason: SaleReason.Paid }));
        BooksContract.AssertNothingHeld(pipeline.Availabilities.Current);
        run.Dispose();
        subscriptions.AssertAllGone();
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
