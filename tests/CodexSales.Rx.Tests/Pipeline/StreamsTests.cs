namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>What web clients read of a pipeline that sells, on virtual time: each in its own time.</summary>
public sealed class StreamsTests
{
    [Fact]
    public async Task Queue_sales_and_availabilities_are_read_as_a_snapshot_and_change_sets_until_the_pipeline_ends()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1, MaxWorkers = 1 }).Run();
        var pipeline = sales.Pipeline;
        await using var queue = new Reader<OpenSlot, SlotKey, QueueCause>(pipeline.Queue.ConnectAsync());
        await using var running = new Reader<SaleStep, long, State>(pipeline.Sales.ConnectAsync());
        await using var offers = new Reader<AvailabilityBalance, AvailabilityId, LedgerCause>(
            pipeline.Availabilities.ConnectAsync());
        await ReadAll();
        Assert.Equal((0, 0, 1), (queue.Items.Count, running.Items.Count, offers.Items.Count));

        sales.Request(SalesFixture.Ask(price: 2, slots: 5));
        sales.Advance(TimeSpan.FromSeconds(1));
        await ReadAll();

        Assert.NotEmpty(queue.Items);
        Assert.NotEmpty(running.Items);
        Assert.Equal(pipeline.Queue.Snapshot.Items, queue.Items);
        Assert.Equal(pipeline.Sales.Snapshot.Items, running.Items);
        Assert.Equal(pipeline.Availabilities.Snapshot, offers.Items);

        sales.Stop();
        Assert.False(await queue.ReadAsync() || await running.ReadAsync() || await offers.ReadAsync());

        async Task ReadAll() => Assert.True(await queue.ReadAsync() && await running.ReadAsync() && await offers.ReadAsync());
    }

    [Fact]
    public void Another_predicate_of_a_queue_is_asked_on_the_core()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 }).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Request(SalesFixture.Ask(price: 3));
        var shown = new List<OpenSlot>();
        using var predicates = new BehaviorSubject<Func<OpenSlot, bool>>(_ => true);
        using var binding = sales.Pipeline.Queue.Connect(predicates).BindTo(shown);
        Assert.Empty(shown);
        sales.Time.RunDue();
        Assert.Equal(sales.Pipeline.Queue.Snapshot.Items, shown);

        predicates.OnNext(slot => slot.Terms.Ask.PricePerBytePerSecond < 3);
        Assert.Equal(2, shown.Count);
        sales.Time.RunDue();

        Assert.Equal(sales.Pipeline.Queue.Snapshot.Items.Skip(1), shown);
    }

    private sealed class Reader<TItem, TKey, TCause>(IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> source) : IAsyncDisposable
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        private readonly IAsyncEnumerator<ChangeSet<TItem, TKey, TCause>> _reader = source.GetAsyncEnumerator();

        public List<TItem> Items { get; } = [];

        public async Task<bool> ReadAsync()
        {
            var isThere = await _reader.MoveNextAsync();
            foreach (var change in isThere ? _reader.Current : Enumerable.Empty<Change<TItem, TKey, TCause>>())
            {
                if (change.Before is not null)
                {
                    Items.RemoveAt(change.PositionBefore);
                }

                if (change.After is { } after)
                {
                    Items.Insert(change.PositionAfter, after);
                }
            }

            return isThere;
        }

        public ValueTask DisposeAsync() => _reader.DisposeAsync();
    }
}
