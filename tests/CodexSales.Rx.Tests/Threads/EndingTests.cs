using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>How a pipeline comes to rest, and what holds after its end.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task After_the_end_a_command_is_refused_what_is_observed_is_complete_and_what_can_be_looked_at_stays()
    {
        var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(1));
        var pipeline = sales.Pipeline;
        var head = pipeline.Head;

        sales.Dispose();
        sales.Dispose();

        Assert.Throws<ObjectDisposedException>(pipeline.Workers.Pause);
        Assert.Throws<ObjectDisposedException>(pipeline.Workers.Resume);
        Assert.Throws<ObjectDisposedException>(() => pipeline.Workers.Hold("because"));
        Assert.Throws<ObjectDisposedException>(() => pipeline.Workers.SetLimit(1));
        Assert.Throws<ObjectDisposedException>(() => pipeline.Queue.SetCapacity(1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.Availabilities.SaveAsync(SalesFixture.Offer()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.Availabilities.RemoveAsync(SalesFixture.Offer().Id));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.Availabilities.DrainAsync(SalesFixture.Offer().Id));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.StartAsync());
        await pipeline.DisposeAsync();
        foreach (var published in new List<IObservable<object>>
        {
            pipeline.Steps, pipeline.Refusals, pipeline.Troubles, pipeline.Recovered, pipeline.Workers.Status, pipeline.Queue.Connect(),
            pipeline.Queue.Connect(_ => true), pipeline.Queue.Top(1), pipeline.Sales.Connect(),
            pipeline.Availabilities.Connect(), pipeline.Queue.CountChanged.Select(count => (object)count),
        })
        {
            Assert.True(await published.IsEmpty());
        }

        Assert.Equal(1, pipeline.Sales.Count);
        Assert.Equal(head, pipeline.Head);
        Assert.Equal(head, pipeline.Health.Head);
        Assert.Single(pipeline.Availabilities.Snapshot);
        Assert.Equal(3, pipeline.Workers.Snapshot.Limit);
    }

    [Fact]
    public async Task A_command_whose_turn_had_not_come_before_the_end_is_refused_and_throws_nothing_on_the_core()
    {
        using var sales = new SalesFixture().Run();
        var pipeline = sales.Pipeline;

        var saved = pipeline.Availabilities.SaveAsync(SalesFixture.Offer() with { Id = new AvailabilityId("too late") });
        pipeline.Workers.Pause();
        pipeline.Queue.SetCapacity(1);
        pipeline.Dispose();
        sales.Time.RunDue();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => saved);
        Assert.Single(pipeline.Availabilities.Snapshot);
    }

    [Fact]
    public async Task What_is_being_sent_is_waited_for_and_nothing_new_is_sent_meanwhile()
    {
        using var sales = new SalesFixture().Run();
        sales.SellUpToQuestion(nameof(IMarket.ReserveSlotAsync), out var land);
        Assert.Equal(State.SaleSlotReserving, sales.Steps[^1].State);

        var stop = sales.Pipeline.StopAsync(Patience);
        sales.Request(SalesFixture.Ask(price: 3, slots: 2));
        sales.Pipeline.Workers.Resume();
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.False(stop.IsCompleted);
        land();
        sales.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await stop);
        Assert.Equal(State.SaleDownloading, sales.Steps[^1].State);
        Assert.Single(sales.Started);
        AssertNothingIsLeft(sales);
    }

    [Fact]
    public async Task A_sale_that_goes_on_meanwhile_stops_before_it_sends_something_new()
    {
        using var sales = new SalesFixture().Run();
        sales.SellUpToQuestion(nameof(IMarket.GetOfferAsync), out var answer);

        var stop = sales.Pipeline.StopAsync(Patience);
        answer();
        sales.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await stop);
        Assert.DoesNotContain(sales.Calls, call => call.Name == nameof(IMarket.ReserveSlotAsync));
        AssertNothingIsLeft(sales);
    }

    [Fact]
    public async Task Once_patience_is_over_it_ends_all_the_same_and_says_so()
    {
        using var sales = new SalesFixture().Run();
        sales.SellUpToQuestion(nameof(IMarket.ReserveSlotAsync), out _);

        var stop = sales.Pipeline.StopAsync(Patience);
        sales.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(stop.IsCompleted);
        sales.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await stop);
        AssertNothingIsLeft(sales);
    }

    [Fact]
    public async Task A_decision_that_is_being_written_is_waited_for()
    {
        var store = new SlowStore { IsQuick = true };
        using var sales = new SalesFixture(store: store).Run();
        store.IsQuick = false;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, store.UnderWay);

        var stop = sales.Pipeline.StopAsync(Patience);
        sales.Time.RunDue();
        Assert.False(stop.IsCompleted);
        store.IsQuick = true;
        store.Finish();
        sales.Time.RunDue();

        Assert.True(await stop);
        Assert.Equal(0, store.GivenUp);
        AssertNothingIsLeft(sales);
    }

    [Fact]
    public async Task To_be_disposed_of_ends_the_wait_of_a_stop()
    {
        using var sales = new SalesFixture().Run();
        sales.SellUpToQuestion(nameof(IMarket.ReserveSlotAsync), out _);
        Action dispose = sales.Pipeline.Dispose;
        var stop = sales.Pipeline.StopAsync(Patience);

        dispose();

        Assert.False(await stop);
        AssertNothingIsLeft(sales);
    }

    [Fact]
    public async Task Whoever_awaits_a_stop_goes_on_outside_of_the_core()
    {
        using var core = new EventLoopScheduler();
        using var chain = new SimulatedChain(new VirtualTime());
        var pipeline = new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), new ScriptedStorage(), new ScriptedProver(), new SalesPipelineOptions(), core);
        var coreThread = 0;
        var isAwaited = new TaskCompletionSource(); // The core may come to its wait when this test is over: nothing to dispose of.
        core.Schedule(() =>
        {
            coreThread = Environment.CurrentManagedThreadId;
            isAwaited.Task.GetAwaiter().GetResult();
        });
        pipeline.Availabilities.Connect().Subscribe(_ => { }, isAwaited.SetResult);

        var thread = await pipeline.StopAsync(TimeSpan.Zero).ContinueWith(
            _ => Environment.CurrentManagedThreadId,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

        Assert.NotEqual(coreThread, thread);
    }

    private static void AssertNothingIsLeft(SalesFixture sales)
    {
        sales.Chain.Dispose();
        Assert.Equal(0, sales.Time.PendingCount);
    }
}
