namespace CodexSales.Rx.Tests.Selling;

/// <summary>The process ends in some state of a sale, and another one takes over.</summary>
public sealed class SaleRestartTests
{
    public static TheoryData<State> Acquiring => StuckSales.Acquiring;

    [Theory, MemberData(nameof(Acquiring))]
    public void A_sale_that_was_not_filled_when_the_process_ended_is_sold_by_the_next_one(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        var slot = sales.SellUpTo(state);

        sales.Unstick().Restart();

        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([slot], sales.Started);
        Assert.Equal((State.SaleProving, 1, 0), (sales.Steps[^1].State, sales.Balance.Sales, sales.Busy[^1]));
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    public void A_slot_whose_fill_was_under_way_when_the_process_ended_is_hosted_by_the_next_one(int secondsUntilRestart)
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal(State.SaleFilling, sales.Steps[^1].State);

        sales.Stop();
        sales.Advance(TimeSpan.FromSeconds(secondsUntilRestart));
        sales.Restart();

        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((State.SaleProving, 1, 0), (sales.Steps[^1].State, sales.Balance.Sales, sales.Busy[^1]));
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Single(sales.Calls, call => call.Name == "FillSlotAsync");
        Assert.Equal(UInt256.Zero, Slashed(sales));
    }

    [Fact]
    public void A_slot_that_is_found_to_be_ours_before_its_fill_is_told_is_taken_by_no_worker()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 });
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(170), sales.Time);
        var slot = new SlotKey(sales.Run().Request(SalesFixture.Ask(price: 2)), 0);
        sales.Advance(TimeSpan.FromSeconds(200));
        sales.Time.Run(() => sales.Market.ReserveSlotAsync(slot, default));
        sales.Time.Run(() => sales.Market.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default));
        sales.Advance(TimeSpan.FromSeconds(125));
        Assert.Equal((State.SaleProving, 1), (sales.Steps[^1].State, sales.Pipeline.Queue.Count));

        sales.Pipeline.Workers.SetLimit(1);
        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void What_a_worker_finds_to_be_ours_already_holds_its_space()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 });
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(170), sales.Time);
        var slot = new SlotKey(sales.Run().Request(SalesFixture.Ask(price: 2)), 0);
        sales.Advance(TimeSpan.FromSeconds(200));
        sales.Time.Run(() => sales.Market.ReserveSlotAsync(slot, default));
        sales.Time.Run(() => sales.Market.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default));

        sales.Pipeline.Workers.SetLimit(1);
        sales.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([slot], sales.Started);
        Assert.Equal(
            (State.SaleProving, SalesFixture.GiB, true),
            (sales.Steps[^1].State, sales.Balance.UsedBytes, sales.Balance.ExpectedReward > UInt256.Zero));
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hosted_slot_is_proved_although_nothing_can_be_written_since_its_fill_or_a_restart(bool isRestarted)
    {
        var time = new VirtualTime();
        var isFull = false;
        using var store = new SimulatedStore(time) { Faults = () => isFull ? StoreFault.Fails : StoreFault.None };
        using var sales = new SalesFixture(store: store, time: time);
        sales.Fault = call =>
        {
            isFull |= call.Name == (isRestarted ? "SubmitProofAsync" : "FillSlotAsync");
            return MarketFault.None;
        };
        var slot = new SlotKey(sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 }), 0);
        sales.Advance(TimeSpan.FromMinutes(9));
        Assert.True(isFull);
        if (isRestarted)
        {
            sales.RestartFromStore();
        }

        sales.Advance(TimeSpan.FromMinutes(9));

        var view = sales.Time.Run(() => sales.Market.GetSlotAsync(slot, sales.Pipeline.Head, default));
        Assert.Equal((SalesFixture.Us, 0UL), (view.Host, view.MissedProofs));
    }

    [Fact]
    public void A_slot_that_is_filled_while_the_next_process_asks_about_it_is_hosted()
    {
        using var sales = new SalesFixture(store: new MemorySalesStore()).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal(State.SaleFilling, sales.Steps[^1].State);
        var landed = new TaskCompletionSource();
        sales.Obstacles.Before = called => called == "GetOfferAsync" ? landed.Task : null;

        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromSeconds(40));
        sales.Obstacles.Before = _ => null;
        landed.SetResult();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void Data_from_before_two_restarts_is_deleted()
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time, writeTime: TimeSpan.FromSeconds(20));
        using var sales = new SalesFixture(StuckSales.Patient, store: store, time: time);
        _ = sales.Pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        sales.Advance(TimeSpan.FromMinutes(1));
        var slot = sales.RestartFromStore().SellUpTo(State.SaleInitialProving);

        for (var restart = 0; restart < 2; restart++)
        {
            sales.Stop();
            store.Crash(keepsUnconfirmed: false);
            sales.Unstick().RestartFromStore();
            sales.ReserveElsewhere(slot);
            sales.Advance(TimeSpan.FromSeconds(18));
        }

        sales.RunToTheEnd();
        Assert.Equal([slot], sales.Storage.Cleared);
    }

    [Fact]
    public void A_slot_to_repair_of_a_request_that_had_started_before_is_sold_after_the_restart()
    {
        using var sales = new SalesFixture().Run();
        sales.BuyNoMore();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2), expirySeconds: 600), 0);
        sales.FillElsewhere(slot);
        sales.Advance(TimeSpan.FromMinutes(15));

        sales.Restart();
        sales.Time.Run(() => sales.Others.FreeSlotAsync(slot, default));
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal([slot], sales.Started);
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void A_slot_that_turns_out_to_be_ours_before_anything_is_held_for_it_joins_the_books()
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal(State.SaleFilling, sales.Steps[^1].State);

        sales.StickIn(State.SalePreparing).Restart();
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            [State.SalePreparing, State.SaleFilled, State.SaleProving],
            sales.Steps.Select(step => step.State));
        Assert.Equal((1, SalesFixture.GiB), (sales.Balance.Sales, sales.Balance.UsedBytes));
        sales.RunToTheEnd();
    }

    [Fact]
    public void A_slot_that_is_ours_is_resumed_rejoins_the_books_and_needs_no_worker()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run();
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(2, sales.Steps.Count(step => step.State == State.SaleProving));

        sales.Restart();

        sales.Advance(TimeSpan.FromMinutes(20));
        foreach (var slot in new[] { new SlotKey(request, 0), new SlotKey(request, 1) })
        {
            Assert.Equal(
                [State.SaleUnknown, State.SaleProving],
                sales.Steps.Where(step => step.Sale.Slot == slot).Select(step => step.State));
        }

        Assert.Equal(0, sales.Busy.Max());
        Assert.Empty(sales.Started);
        Assert.Equal((2, 2 * SalesFixture.GiB), (sales.Balance.Sales, sales.Balance.UsedBytes));
        sales.RunToTheEnd();
        Assert.All(sales.Ends, end => Assert.Equal(SaleReason.Paid, end.End!.Reason));
        Assert.Equal(2, sales.Calls.Count(call => call.Name == "FillSlotAsync"));
    }

    [Theory]
    [InlineData(MarketFault.None)]
    [InlineData(MarketFault.Lost)]
    public void A_slot_whose_request_ended_while_nothing_ran_is_paid(MarketFault fault)
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 });
        sales.Advance(TimeSpan.FromHours(23.9));
        sales.Stop();
        sales.Advance(TimeSpan.FromHours(5));
        var calls = 0;
        sales.Fault = _ => calls++ < 10 ? fault : MarketFault.None;

        sales.Restart();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal([State.SaleUnknown, State.SalePayout, State.SaleFinished], sales.Steps.Select(step => step.State));
    }

    [Fact]
    public void A_payout_under_way_when_the_process_ended_is_done_by_the_next_one()
    {
        using var sales = new SalesFixture().Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        sales.Fault = call => call.Name == "FreeSlotAsync" ? MarketFault.Lost : MarketFault.None;
        sales.Advance(TimeSpan.FromHours(25));
        Assert.Equal(State.SalePayout, sales.Steps[^1].State);
        sales.Fault = _ => MarketFault.None;

        sales.Restart();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal(SlotState.Paid, sales.Chain.GetSlotState(slot));
    }

    [Fact]
    public void A_slot_whose_request_expired_while_nothing_ran_is_paid_in_part()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 2) with { ProofProbability = 255 });
        sales.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains(sales.Steps, step => step.State == State.SaleProving);
        sales.Stop();
        sales.Advance(TimeSpan.FromHours(2));

        sales.Restart();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        Assert.True(sales.Ends.Single().End!.Earned > UInt256.Zero);
    }

    [Fact]
    public void A_slot_that_finds_no_room_in_the_books_at_the_start_is_hosted_all_the_same()
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(20));

        sales.Restart(SalesFixture.Offer() with { TotalBytes = 1 });

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    private static UInt256 Slashed(SalesFixture sales) =>
        sales.Chain.Options.HostFunds + sales.Ends.Single().End!.Earned - sales.Chain.BalanceOf(SalesFixture.Us);

    // Neither how long a block takes nor how long a proof does is known by then.
    [Fact]
    public void A_proof_that_is_due_when_the_next_process_begins_is_sent_in_its_period()
    {
        using var sales = new SalesFixture(store: new MemorySalesStore());
        sales.Prover.OnProve = (_, cancellation) =>
            Observable.Return(ScriptedProver.Proof).Delay(TimeSpan.FromSeconds(3), sales.Time).ToTask(cancellation);
        sales.Run().Request(SalesFixture.Ask(price: 2, durationSeconds: 20_000) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);

        for (var restart = 0; restart < 10; restart++)
        {
            while (sales.Time.ChainTime.Value % 120 != 1)
            {
                sales.Advance(TimeSpan.FromSeconds(1));
            }

            sales.RestartFromStore();
            sales.Advance(TimeSpan.FromSeconds(150));
            Assert.Equal(0, sales.Pipeline.Health.MissedProofs);
        }
    }

    // The contract has its event: it is as good as another host's.
    [Fact]
    public void The_last_reservation_is_taken_for_our_own_when_the_process_ended_while_it_was_under_way()
    {
        using var sales = new SalesFixture(store: new MemorySalesStore()).Run();
        sales.BuyNoMore();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        foreach (var other in new[] { "0x3333333333333333333333333333333333333331", "0x3333333333333333333333333333333333333332" })
        {
            _ = sales.Chain.ConnectHost(Address.Parse(other)).ReserveSlotAsync(slot, default);
        }

        sales.Advance(TimeSpan.FromSeconds(24));
        sales.Save(SalesFixture.Offer());
        while (sales.Calls.TrueForAll(call => call.Name != "ReserveSlotAsync"))
        {
            sales.Advance(TimeSpan.FromSeconds(0.1));
        }

        sales.Stop();
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
    }
}
