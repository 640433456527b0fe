namespace CodexSales.Rx.Tests.Requests;

/// <summary>What is out of the ordinary about requests and books, seen through the whole pipeline.</summary>
public sealed class WholePipelineTests
{
    [Fact]
    public void Fills_in_a_request_of_very_many_slots_can_be_taken_back()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 0 }, chain: new SimulatedChainOptions { MaxReorganisation = 10 }).Run();
        var id = sales.Request(HugeAsk(1UL << 40));
        foreach (var slotIndex in new ulong[] { (1UL << 40) - 7, 77, 1UL << 39 })
        {
            sales.FillElsewhere(new SlotKey(id, slotIndex));
        }

        sales.Chain.Reorganise(8, _ => TransactionFate.Lost);
        sales.Time.RunDue();

        Assert.Null(sales.Failure);
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData(1UL << 38)]
    public void A_sale_of_a_request_of_very_many_slots_ends_after_a_restart_that_draws_their_order_anew(ulong slots)
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }, store: store, time: time).Run();
        sales.Request(SalesFixture.Ask(price: 1, slots: 3, durationSeconds: 4_000), expirySeconds: 100);
        sales.Advance(TimeSpan.FromHours(3)); // The order of the next one is another after the restart.
        sales.Request(HugeAsk(slots));
        sales.Advance(TimeSpan.FromMinutes(20));

        sales.RestartFromStore();
        sales.Pipeline.Workers.Pause();
        sales.Advance(TimeSpan.FromHours(3));

        Assert.Null(sales.Failure);
        Assert.NotEmpty(sales.Ends);
    }

    [Fact]
    public void An_availability_that_was_drained_empty_before_a_crash_is_gone_after_it()
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time, TimeSpan.FromSeconds(1));
        using var sales = new SalesFixture(store: store, time: time).RestartFromStore();
        _ = sales.Pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        sales.Advance(TimeSpan.FromSeconds(5));
        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200));
        sales.Advance(TimeSpan.FromMinutes(30));
        _ = sales.Pipeline.Availabilities.DrainAsync(SalesFixture.Offer().Id);
        var isClosed = false;
        using var written = store.Written.Subscribe(change => isClosed |= change is SaleClosed);
        while (!isClosed)
        {
            sales.Advance(TimeSpan.FromMilliseconds(100));
        }

        store.Crash(keepsUnconfirmed: false);
        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromDays(1));

        Assert.Null(sales.Failure);
        Assert.Empty(sales.Pipeline.Availabilities.Snapshot);
        Assert.Empty(store.Load().Availabilities);
    }

    [Fact]
    public void A_slot_that_was_taken_away_is_not_taken_again_also_not_after_a_restart()
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 }, store: store, time: time,
            chain: new SimulatedChainOptions { MaxSlashes = 2 }).Run();
        var id = sales.Request(SalesFixture.Ask(price: 2, slots: 1, maxSlotLoss: 1) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(20));
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The disk is gone.");
        while (!sales.Ends.Any())
        {
            sales.Advance(TimeSpan.FromMinutes(1));
        }

        sales.Advance(TimeSpan.FromHours(2)); // A new sale of it could not be filled, but would have begun.
        Assert.Equal(SaleReason.ForcedOut, sales.Ends.Single().End!.Reason);
        Assert.Equal(SlotState.Repair, sales.Chain.GetSlotState(new SlotKey(id, 0)));
        Assert.Single(sales.Started);

        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromHours(1));
        Assert.Empty(sales.Started);
    }

    private static StorageAsk HugeAsk(ulong slots) => SalesFixture.Ask(price: 1_000, slots, sizeBytes: 1);
}
