namespace CodexSales.Rx.Tests.Pipeline;

public sealed class SalesPipelineTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void A_slot_is_sold_from_request_to_payout_and_nothing_is_left_of_it()
    {
        using var sales = new SalesFixture().Run();

        var request = sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(2 * Day);

        Assert.Null(sales.Failure);
        Assert.Equal(
            [
                State.SalePreparing,
                State.SaleSlotReserving,
                State.SaleDownloading,
                State.SaleInitialProving,
                State.SaleFilling,
                State.SaleFilled,
                State.SaleProving,
                State.SalePayout,
                State.SaleFinished,
            ],
            sales.Steps.Select(step => step.State));
        var end = Assert.Single(sales.Ends).End!;
        Assert.Equal(SaleReason.Paid, end.Reason);
        Assert.True(end.Earned > UInt256.Zero);
        Assert.Equal([new SlotKey(request, 0)], sales.Storage.Cleared);
        Assert.Equal(0UL, sales.Balance.HeldBytes + sales.Balance.UsedBytes);
        Assert.Equal(UInt256.Zero, sales.Balance.HeldCollateral);
    }

    [Fact]
    public void The_best_slot_comes_first_when_a_worker_becomes_free()
    {
        var gate = new Subject<ulong>();
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Storage.OnStore = _ => gate.Take(1);
        sales.Run();

        var first = sales.Request(SalesFixture.Ask(price: 2));
        var cheap = sales.Request(SalesFixture.Ask(price: 3));
        var dear = sales.Request(SalesFixture.Ask(price: 9));
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([new SlotKey(first, 0)], sales.Started);

        gate.OnNext(SalesFixture.GiB);
        sales.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal([new SlotKey(first, 0), new SlotKey(dear, 0)], sales.Started.Take(2));
        Assert.Equal([new SlotKey(cheap, 0)], sales.Pipeline.Queue.Snapshot.Items.Select(slot => slot.Slot));
    }

    [Fact]
    public void A_slot_that_is_filled_elsewhere_while_it_is_queued_is_never_started()
    {
        using var data = new Subject<ulong>();
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Storage.OnStore = _ => data;
        sales.Run();
        sales.Request(SalesFixture.Ask(price: 9));
        var lost = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        Assert.Contains(lost, sales.Pipeline.Queue.Snapshot.Items.Select(slot => slot.Slot));

        sales.FillElsewhere(lost);
        data.OnCompleted();
        sales.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(0, sales.Busy[^1]);
        Assert.DoesNotContain(lost, sales.Started);
        Assert.Empty(sales.Pipeline.Queue.Snapshot.Items);
    }

    [Fact]
    public void A_worker_is_free_once_its_slot_is_filled_while_the_sale_goes_on()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run();
        sales.Request(SalesFixture.Ask(price: 9));
        sales.Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal(2, sales.Steps.Count(step => step.State == State.SaleProving));
        Assert.Empty(sales.Ends);
        Assert.Equal(0, sales.Busy[^1]);
        Assert.Equal(1, sales.Busy.Max());
    }

    [Fact]
    public void No_more_workers_are_busy_than_there_are()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 3 }).Run();
        sales.Request(SalesFixture.Ask(price: 2, slots: 12));

        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal(3, sales.Busy.Max());
        Assert.Equal(12, sales.Steps.Count(step => step.State == State.SaleProving));
    }

    [Fact]
    public void Without_workers_the_queue_is_kept_and_nothing_is_sold()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 }).Run();

        sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.Null(sales.Failure);
        Assert.Empty(sales.Started);
        Assert.Equal(3, sales.Pipeline.Queue.Count);
    }

    [Fact]
    public void Open_slots_are_counted_whether_an_availability_takes_them_or_not()
    {
        using var sales = new SalesFixture().Run(SalesFixture.Offer(price: 5));
        Assert.Equal(UInt128.Zero, sales.Pipeline.CountOpenSlots());

        var cheap = sales.Request(SalesFixture.Ask(price: 2, slots: 4));
        sales.FillElsewhere(new SlotKey(cheap, 1));
        sales.Advance(TimeSpan.Zero);
        Assert.Equal((UInt128)3, sales.Pipeline.CountOpenSlots());

        sales.Request(SalesFixture.Ask(price: 9, slots: 2));
        Assert.Equal((UInt128)3, sales.Pipeline.CountOpenSlots());

        sales.Advance(TimeSpan.FromHours(2));
        Assert.Equal(UInt128.Zero, sales.Pipeline.CountOpenSlots());
    }

    [Fact]
    public void An_exception_of_a_port_ends_that_sale_only()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Storage.OnStore = download => download.Slot.SlotIndex == 0
            ? throw new InvalidOperationException("The disk is on fire.")
            : Observable.Return(SalesFixture.GiB);
        sales.Run();

        sales.Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.Advance(TimeSpan.FromHours(1));

        Assert.Null(sales.Failure);
        Assert.NotEmpty(sales.Ends);
        Assert.All(sales.Ends, errored =>
        {
            Assert.Equal((State.SaleErrored, 0UL), (errored.State, errored.Sale.Slot.SlotIndex));
            Assert.Equal("The slot's data could not be fetched: The disk is on fire.", errored.End!.Detail);
        });
        Assert.Single(sales.Steps, step => step.State == State.SaleProving);
        Assert.Equal((0, 1), (sales.Busy[^1], sales.Balance.Sales));
    }

    [Fact]
    public void To_dispose_the_run_cancels_what_is_in_flight_and_leaves_no_timer()
    {
        var isProofCancelled = false;
        using var sales = new SalesFixture();
        sales.Storage.OnStore = download => download.Slot.SlotIndex == 0
            ? Observable.Never<ulong>()
            : Observable.Return(SalesFixture.GiB);
        sales.Prover.OnProve = (_, cancellation) =>
        {
            var proof = new TaskCompletionSource<CodexSales.Rx.Ports.Proving.Groth16Proof>();
            cancellation.Register(() => isProofCancelled = proof.TrySetCanceled(cancellation));
            return proof.Task;
        };
        sales.Run();
        sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((1, 3), (sales.Storage.Running, sales.Busy[^1]));

        sales.Stop();
        sales.Chain.Dispose();

        Assert.Equal(0, sales.Storage.Running);
        Assert.True(isProofCancelled);
        Assert.Equal(0, sales.Time.PendingCount);
    }

    [Fact]
    public void A_replayed_event_starts_nothing_twice()
    {
        using var sales = new SalesFixture(wrap: market =>
            new OtherEvents(market, market.Events.SelectMany(happened => new[] { happened, happened }))).Run();

        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal([new SlotKey(request, 0), new SlotKey(request, 1)], sales.Started.OrderBy(slot => slot.SlotIndex));
        Assert.Equal(2, sales.Balance.Sales);
    }

    [Fact]
    public void The_end_of_the_markets_events_is_an_error_and_not_a_silent_stop()
    {
        var events = new Subject<MarketEvent>();
        using var sales = new SalesFixture(wrap: market => new OtherEvents(market, events)).Run();

        events.OnCompleted();
        sales.Advance(TimeSpan.Zero);

        Assert.Equal("The market's events have ended; they never should.", sales.Failure?.Message);
    }

    [Theory]
    [InlineData(true, "The market's final blocks have ended; they never should.")]
    [InlineData(false, "The market's blocks have ended; they never should.")]
    public void The_end_of_the_markets_blocks_is_an_error_and_not_a_silent_stop(bool isFinal, string error)
    {
        var end = new Subject<System.Reactive.Unit>();
        using var sales = new SalesFixture();
        sales.Obstacles.HeadsSeen = heads => isFinal ? heads : heads.TakeUntil(end);
        sales.Obstacles.FinalHeadsSeen = finals => isFinal ? finals.TakeUntil(end) : finals;
        sales.Run();
        sales.Advance(TimeSpan.FromMinutes(1));

        end.OnNext(default);
        sales.Advance(TimeSpan.Zero);

        Assert.Equal(error, sales.Failure?.Message);
    }

    [Fact]
    public void Agents_can_be_watched_while_they_work_and_leave_when_they_are_cleaned_up()
    {
        using var sales = new SalesFixture();
        var changes = new List<string>();
        using var watch = sales.Pipeline.Sales.Connect()
            .SelectMany(set => set)
            .Subscribe(change => changes.Add($"{change.Kind} {change.Cause}"));
        sales.Run();

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(2 * Day);

        Assert.Equal("Added SalePreparing", changes[0]);
        Assert.Equal("Removed SaleFinished", changes[^1]);
        Assert.All(
            changes.Skip(1).SkipLast(1), change => Assert.StartsWith("Updated", change, StringComparison.Ordinal));
        Assert.Equal(0, sales.Pipeline.Sales.Count);
    }

    [Fact]
    public void Availabilities_can_be_watched_with_what_is_sold_of_them()
    {
        using var sales = new SalesFixture();
        var causes = new List<LedgerCause>();
        using var watch = sales.Pipeline.Availabilities.Connect()
            .SelectMany(set => set)
            .Subscribe(change => causes.Add(change.Cause));
        sales.Run();

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(2 * Day);

        Assert.Equal(
            [LedgerCause.Saved, LedgerCause.Held, LedgerCause.Written, LedgerCause.Filled, LedgerCause.Released], causes);
    }
}
