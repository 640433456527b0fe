namespace CodexSales.Rx.Tests.Cases;

/// <summary>The node is gone for a while; what happened meanwhile is told afterwards, in order.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(300)]
    public void A_slot_that_is_freed_after_an_outage_in_which_it_was_filled_is_offered(int minutes)
    {
        using var isOut = new BehaviorSubject<bool>(false);
        using var isReading = new BehaviorSubject<bool>(false);
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 });
        sales.Obstacles.EventsSeen = events => Hold(events, isReading);
        sales.Obstacles.HeadsSeen = heads => Hold(heads, isOut);
        sales.Obstacles.FinalHeadsSeen = finals => Hold(finals, isOut);
        var slot = new SlotKey(
            sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 }, expirySeconds: 600), 0);
        Assert.Equal(1, sales.Pipeline.Queue.Count);

        isOut.OnNext(true);
        isReading.OnNext(true);
        sales.FillElsewhere(slot);
        sales.Advance(TimeSpan.FromMinutes(minutes));

        // The newest block is known before all events are read.
        isOut.OnNext(false);
        sales.Advance(TimeSpan.FromMinutes(1));
        isReading.OnNext(false);
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, sales.Pipeline.Queue.Count);
        sales.Time.Run(() => sales.Others.FreeSlotAsync(slot, default));
        sales.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(sales.Failure);
        Assert.True(Assert.Single(sales.Pipeline.Queue.Snapshot.Items).Terms.IsRepair);
    }

    private static IObservable<T> Hold<T>(IObservable<T> source, BehaviorSubject<bool> isOut) =>
        Observable.Create<T>(observer =>
        {
            var held = new Queue<T>();
            var going = source.Subscribe(held.Enqueue);
            var telling = source.Select(_ => false).Merge(isOut).Subscribe(_ =>
            {
                while (!isOut.Value && held.TryDequeue(out var next))
                {
                    observer.OnNext(next);
                }
            });
            return StableCompositeDisposable.Create(going, telling);
        });
}
