namespace CodexSales.Rx.Tests.Threads;

/// <summary>One rule for all who observe: what throws is detached and told, and takes nothing from anybody else.</summary>
public sealed class ObserverRuleTests
{
    public static TheoryData<string> Published =>
    [
        "Steps", "Refusals", "Troubles", "Recovered", "Status", "Connect", "Filtered", "Top", "Watch", "CountChanged", "Sales",
        "Availabilities",
    ];

    [Theory]
    [MemberData(nameof(Published))]
    public void A_subscriber_that_throws_gets_nothing_more_and_is_told_while_everything_else_goes_on(string published)
    {
        var store = new MemorySalesStore();
        using var sales = new SalesFixture(store: store).Run();
        var interrupted = sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));
        var asked = new TaskCompletionSource();
        sales.Obstacles.Before = called => called == nameof(IMarket.GetOfferAsync) ? asked.Task : null;
        sales.RestartFromStore();
        var told = 0;
        sales.Pipeline.Troubles.Subscribe(trouble => told += trouble.Error is ThrownOnPurposeException ? 1 : 0);
        var notified = 0;
        var throwing = Observe(sales.Pipeline, published, new SlotKey(interrupted, 0)).Subscribe(_ =>
        {
            notified++;
            throw new ThrownOnPurposeException();
        });
        using var end = throwing;

        sales.Obstacles.Before = _ => null;
        sales.Time.Run(() =>
        {
            asked.SetResult();
            return Task.CompletedTask;
        });
        var offers = 0;
        sales.Fault = call => call.Name == nameof(IMarket.GetOfferAsync) && offers++ == 1 ? MarketFault.Lost : MarketFault.None;
        sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Request(SalesFixture.Ask(price: 2, slots: 3, sizeBytes: 128 * SalesFixture.GiB));
        sales.Advance(TimeSpan.FromHours(2));

        Assert.Null(sales.Failure);
        Assert.Equal((1, 1), (notified, told));
        Assert.Equal(4, sales.Balance.Sales);
    }

    [Fact]
    public void Whoever_ends_a_pipeline_inside_of_a_notification_hears_nothing_more_of_it_and_nothing_is_left()
    {
        using var sales = new SalesFixture();
        sales.Save(SalesFixture.Offer());
        var steps = new List<SaleStep>();
        var isComplete = false;
        sales.Pipeline.Steps.Subscribe(
            step =>
            {
                steps.Add(step);
                if (step.State == State.SaleProving)
                {
                    sales.Pipeline.Dispose();
                }
            },
            () => isComplete = true);
        _ = sales.Pipeline.StartAsync();

        sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Advance(TimeSpan.FromHours(1));
        sales.Chain.Dispose();

        Assert.True(isComplete);
        Assert.Single(steps, step => step.State == State.SaleProving);
        Assert.Equal(0, sales.Time.PendingCount);
    }

    private static IObservable<object> Observe(SalesPipeline pipeline, string published, SlotKey slot) => published switch
    {
        "Steps" => pipeline.Steps,
        "Refusals" => pipeline.Refusals,
        "Troubles" => pipeline.Troubles,
        "Recovered" => pipeline.Recovered,
        "Status" => pipeline.Workers.Status,
        "Connect" => pipeline.Queue.Connect(),
        "Filtered" => pipeline.Queue.Connect(_ => true),
        "Top" => pipeline.Queue.Top(1),
        "Watch" => pipeline.Queue.Watch(slot).Select(item => (object)item),
        "CountChanged" => pipeline.Queue.CountChanged.Select(count => (object)count),
        "Sales" => pipeline.Sales.Connect(),
        _ => pipeline.Availabilities.Connect(),
    };
}
