using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>How a pipeline starts, who hears of its steps, and how it says that it is over.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task It_has_started_once_the_market_has_told_its_rules()
    {
        using var sales = new SalesFixture();
        var rules = new TaskCompletionSource();
        sales.Obstacles.Before = call => call == nameof(IMarket.GetRulesAsync) ? rules.Task : null;

        var start = sales.Pipeline.StartAsync(TestContext.Current.CancellationToken);
        sales.Advance(TimeSpan.FromSeconds(10));
        Assert.False(start.IsCompleted);
        sales.Time.Run(() =>
        {
            rules.SetResult();
            return Task.CompletedTask;
        });
        sales.Advance(TimeSpan.FromSeconds(1));

        await start;
        Assert.False(sales.Pipeline.Completion.IsCompleted);
    }

    [Fact]
    public async Task It_starts_once()
    {
        using var sales = new SalesFixture().Run();

        await Assert.ThrowsAsync<InvalidOperationException>(() => sales.Pipeline.StartAsync());
    }

    [Fact]
    public async Task A_start_that_is_given_up_disposes_of_the_pipeline()
    {
        using var sales = new SalesFixture();
        using var given = new CancellationTokenSource();
        sales.Obstacles.Before = call => call == nameof(IMarket.GetRulesAsync) ? new TaskCompletionSource().Task : null;
        var start = sales.Pipeline.StartAsync(given.Token);
        sales.Time.RunDue();

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        await sales.Pipeline.Completion;
        sales.Chain.Dispose();
        Assert.Equal(0, sales.Time.PendingCount);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_before_it_begins_changes_nothing()
    {
        using var sales = new SalesFixture();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sales.Pipeline.StartAsync(new CancellationToken(true)));

        Assert.Single(sales.Run().Pipeline.Availabilities.Snapshot);
    }

    [Fact]
    public void Observers_of_steps_may_join_late_and_leave_and_nothing_else_changes()
    {
        using var sales = new SalesFixture().Run();
        var early = new List<SaleStep>();
        var late = new List<SaleStep>();
        var leaving = sales.Pipeline.Steps.Subscribe(early.Add);
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(1));

        using var joining = sales.Pipeline.Steps.Subscribe(late.Add);
        leaving.Dispose();
        var before = sales.Steps.Count;
        sales.RunToTheEnd();

        Assert.Equal(sales.Steps.Take(before), early);
        Assert.Equal(sales.Steps.Skip(before), late);
        Assert.NotEmpty(late);
    }

    [Fact]
    public async Task Its_completion_and_every_observer_get_the_error_that_ended_it_also_those_who_come_later()
    {
        var events = new Subject<MarketEvent>();
        using var sales = new SalesFixture(wrap: market => new OtherEvents(market, events)).Run();
        var completion = sales.Pipeline.Completion;

        events.OnCompleted();
        sales.Advance(TimeSpan.Zero);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => completion);
        Exception? late = null;
        sales.Pipeline.Steps.Subscribe(_ => { }, thrown => late = thrown);
        Assert.Same(error, sales.Failure);
        Assert.Same(error, late);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_that_nobody_would_hear_of_is_loud(bool isCompletionKnown)
    {
        var events = new Subject<MarketEvent>();
        using var sales = new SalesFixture();
        using var pipeline = new SalesPipeline(
            new OtherEvents(sales.Market, events), sales.Storage, sales.Prover, new SalesPipelineOptions(), sales.Time);
        using var deaf = pipeline.Steps.Subscribe(_ => { });
        var completion = isCompletionKnown ? pipeline.Completion : null;
        _ = pipeline.StartAsync(TestContext.Current.CancellationToken);
        sales.Time.RunDue();

        events.OnCompleted();

        if (completion is null)
        {
            Assert.Throws<InvalidOperationException>(sales.Time.RunDue);
        }
        else
        {
            sales.Time.RunDue();
            await Assert.ThrowsAsync<InvalidOperationException>(() => completion);
        }

        Action dispose = pipeline.Dispose; // It would wait for virtual time otherwise.
        dispose();
    }

    [Fact]
    public async Task A_stop_whose_token_is_cancelled_ends_at_once()
    {
        using var sales = new SalesFixture().Run();
        using var hurry = new CancellationTokenSource();
        sales.SellUpToQuestion(nameof(IMarket.ReserveSlotAsync), out _);
        var stop = sales.Pipeline.StopAsync(TimeSpan.FromHours(1), hurry.Token);
        sales.Time.RunDue();
        Assert.False(stop.IsCompleted);

        await hurry.CancelAsync();

        Assert.False(await stop);
        await sales.Pipeline.Completion;
    }
}
