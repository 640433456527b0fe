namespace CodexSales.Rx.Tests.Selling;

/// <summary>The process ends in some state of a sale, and another one takes over with what the store remembers.</summary>
public sealed class SaleRecoveryTests
{
    private readonly MemorySalesStore _store = new();

    [Theory]
    [InlineData(State.SaleSlotReserving)]
    [InlineData(State.SaleDownloading)]
    [InlineData(State.SaleInitialProving)]
    [InlineData(State.SaleFilling)]
    public void A_sale_that_was_not_filled_goes_on_under_its_number_with_the_space_that_it_held(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        var slot = sales.SellUpTo(state);
        var number = sales.Steps[^1].Sale.Number;

        sales.Unstick().RestartFromStore();

        Assert.Equal((1, SalesFixture.GiB), (sales.Balance.Sales, sales.Balance.HeldBytes + sales.Balance.UsedBytes));
        sales.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, sales.Busy[^1]);
        Assert.Equal([(number, slot)], sales.Steps.Select(step => (step.Sale.Number, step.Sale.Slot)).Distinct());
        Assert.Equal(state, Assert.Single(sales.Recovered).Remembered);
        Assert.Empty(sales.Started);
    }

    [Theory]
    [InlineData(State.SaleSlotReserving)]
    [InlineData(State.SaleDownloading)]
    [InlineData(State.SaleInitialProving)]
    [InlineData(State.SaleFilling)]
    public void A_sale_that_was_not_filled_is_filled_and_paid_by_the_next_process(State state)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }, store: _store).Run();
        sales.StickIn(state).Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(state, sales.Steps[^1].State);

        sales.Unstick().RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Single(sales.Calls, call => call.Name == "ReserveSlotAsync");
        Assert.Equal(1, sales.Busy.Max());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public void A_fill_that_was_under_way_is_not_sent_again(int secondsUntilRestart)
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal(State.SaleFilling, sales.Steps[^1].State);

        sales.Stop();
        sales.Advance(TimeSpan.FromSeconds(secondsUntilRestart));
        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Single(sales.Calls, call => call.Name == "FillSlotAsync");
        Assert.Single(sales.Storage.Stored);
    }

    [Fact]
    public void What_was_downloaded_is_asked_for_again_and_not_cleared()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        sales.SellUpTo(State.SaleDownloading);

        sales.Unstick().RestartFromStore();
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(2, sales.Storage.Stored.Count);
        Assert.Empty(sales.Storage.Cleared);
    }

    [Fact]
    public void A_slot_whose_sale_fails_after_the_restart_is_tried_again_after_a_pause()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        var slot = sales.SellUpTo(State.SaleDownloading);
        sales.Unstick().Storage.OnStore = _ => Observable.Throw<ulong>(new IOException("gone"));

        sales.RestartFromStore().Advance(StuckSales.Patient.Selling.SecondTryPause - TimeSpan.FromSeconds(1));
        sales.AssertEnd(State.SaleErrored, SaleReason.DownloadFailed);
        Assert.Empty(sales.Started);
        sales.Unstick().RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal([slot], sales.Started);
    }

    [Fact]
    public void A_slot_whose_sale_fails_is_not_tried_again_although_its_request_came_again_in_another_block()
    {
        using var sales = new SalesFixture(
            StuckSales.Patient, chain: new SimulatedChainOptions { MaxReorganisation = 1 }).Run();
        using var data = new Subject<ulong>();
        sales.Storage.OnStore = _ => data;
        sales.Request(SalesFixture.Ask(price: 2));
        Assert.Equal(1, sales.Chain.Reorganise(1));
        sales.Advance(TimeSpan.FromMinutes(1));

        data.OnError(new IOException("gone"));
        sales.Advance(TimeSpan.FromMinutes(1));

        sales.AssertEnd(State.SaleErrored, SaleReason.DownloadFailed);
        Assert.Single(sales.Started);
    }

    [Fact]
    public void A_fill_whose_reservation_went_while_nothing_ran_reserves_again_and_is_paid()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }, store: _store).Run();
        var slot = sales.SellUpTo(State.SaleFilling);
        sales.BuyNoMore();
        sales.Unstick().FillElsewhere(slot);
        sales.Time.Run(() => sales.Others.FreeSlotAsync(slot, default));

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal(2, sales.Calls.Count(call => call.Name == "ReserveSlotAsync"));
    }

    [Fact]
    public void A_slot_that_another_host_filled_meanwhile_is_given_up()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        var slot = sales.SellUpTo(State.SaleDownloading);
        sales.BuyNoMore();
        sales.Unstick().FillElsewhere(slot);

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        Assert.Equal([slot], sales.Storage.Cleared);
    }

    [Fact]
    public void A_slot_whose_request_expired_meanwhile_is_cancelled_without_another_transaction()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        sales.SellUpTo(State.SaleSlotReserving);
        sales.Unstick().Advance(TimeSpan.FromHours(2));

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        Assert.DoesNotContain(sales.Calls, call => call.Name is "ReserveSlotAsync" or "FreeSlotAsync");
    }

    [Fact]
    public void What_an_old_event_says_of_a_slot_in_repair_is_not_news_after_a_restart()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        sales.RepairUpTo(State.SaleDownloading);
        sales.BuyNoMore();

        sales.Unstick().RestartFromStore();

        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void A_hosted_slot_keeps_its_books_its_missed_proofs_and_the_moment_of_its_fill()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(5));
        sales.Prover.OnProve = (_, _) => Task.FromException<CodexSales.Rx.Ports.Proving.Groth16Proof>(new InvalidOperationException("broken"));
        sales.Advance(TimeSpan.FromMinutes(2 * 2));
        var before = sales.Steps[^1];
        var balance = sales.Balance;
        Assert.True(before.MissedProofs > 0);

        sales.Unstick().RestartFromStore();
        sales.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(balance, sales.Balance);
        Assert.Equal((before.Sale.Number, before.MissedProofs), (sales.Steps[^1].Sale.Number, sales.Steps[^1].MissedProofs));
        Assert.Equal((State.SaleProving, State.SaleProving), (sales.Recovered[0].Remembered, sales.Recovered[0].Next));
    }

    [Theory]
    [InlineData("ReserveSlotAsync", State.SaleSlotReserving)]
    [InlineData("GetSlotAsync", State.SaleInitialProving)]
    [InlineData("FillSlotAsync", State.SaleFilling)]
    [InlineData("", State.SaleProving)]
    [InlineData("FreeSlotAsync", State.SalePayout)]
    public void What_is_sold_is_told_after_a_restart_as_before_it_although_the_market_is_away(string stuckAt, State state)
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Obstacles.Before = ObstructedMarket.Hangs(stuckAt);
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(state == State.SalePayout ? TimeSpan.FromHours(25) : TimeSpan.FromMinutes(4));
        Assert.Equal(state, sales.Steps[^1].State);
        var (balance, inAll) = (sales.Balance, sales.Pipeline.Availabilities.Totals);

        sales.Obstacles.Before = ObstructedMarket.Hangs("GetMySlotsAsync");
        sales.RestartFromStore();

        Assert.Equal((balance, inAll), (sales.Balance, sales.Pipeline.Availabilities.Totals));
        Assert.Equal(state == State.SalePayout || state == State.SaleProving, inAll.ExpectedReward > UInt256.Zero);
    }

    [Fact]
    public void What_is_expected_stays_after_a_restart_before_past_events_are_told()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(2));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        var expected = sales.Pipeline.Availabilities.Totals.ExpectedReward;

        sales.Obstacles.EventsSeen = events => events.Where(happened => happened is not SlotFilled);
        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromHours(2));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        Assert.Equal(expected, sales.Pipeline.Availabilities.Totals.ExpectedReward);
    }

    [Fact]
    public void A_slot_that_was_paid_while_nothing_ran_is_finished_with_what_it_earned()
    {
        using var sales = new SalesFixture(store: _store).Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 }), 0);
        sales.Advance(TimeSpan.FromHours(23.9));
        sales.Stop();
        sales.Advance(TimeSpan.FromHours(1));
        sales.Time.Run(() => sales.Market.FreeSlotAsync(slot, default));
        var spent = sales.Chain.Options.HostFunds;

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal(sales.Chain.BalanceOf(SalesFixture.Us), spent + sales.Ends.Single().End!.Earned);
    }

    // A market knows its newest block before it has read all events again.
    [Fact]
    public void Since_when_a_slot_is_filled_is_learnt_from_an_event_that_comes_after_the_restart()
    {
        using var sales = new SalesFixture(store: _store).Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 }), 0);
        sales.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal(State.SaleFilling, sales.Steps[^1].State);
        sales.Stop();
        sales.Advance(TimeSpan.FromSeconds(40));
        sales.Obstacles.EventsSeen = events => events.Delay(TimeSpan.FromSeconds(5), sales.Time);
        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromHours(23.8));
        sales.Stop();
        sales.Advance(TimeSpan.FromHours(1));
        sales.Time.Run(() => sales.Market.FreeSlotAsync(slot, default));

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        var earned = sales.Ends.Single().End!.Earned;
        Assert.Equal(sales.Chain.BalanceOf(SalesFixture.Us), sales.Chain.Options.HostFunds + earned);
    }

    [Fact]
    public void What_is_for_sale_is_remembered_and_so_is_what_it_brought()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(26));
        var past = sales.Balance.Past;
        Assert.Equal((1, sales.Ends.Single().End!.Earned), (past.Paid, past.Earned));

        sales.RestartFromStore();

        Assert.Equal((SalesFixture.Offer(), past), (sales.Balance.Availability, sales.Balance.Past));
        Assert.Equal(past.Earned, sales.Pipeline.Availabilities.Totals.Earned);
    }

    [Fact]
    public void A_number_is_never_used_twice()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(26));
        var used = sales.Steps.Max(step => step.Sale.Number);

        sales.RestartFromStore().Request(SalesFixture.Ask(price: 3));

        Assert.All(sales.Steps, step => Assert.True(step.Sale.Number > used));
    }

    [Fact]
    public async Task Every_sale_that_is_over_can_be_looked_up_with_its_reason()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.RunToTheEnd();

        var history = await _store.ReadHistoryAsync(
            long.MaxValue, 10, TestContext.Current.CancellationToken);

        Assert.Equal(
            sales.Ends.OrderByDescending(end => end.Sale.Number).Select(end => (end.Sale.Number, end.State, end.End)),
            history.Select(past => (past.Sale.Number, past.Sale.State, (SaleEnd?)past.End)));
        Assert.All(history, past => Assert.NotNull(past.Sale.FilledAt));
    }
}
