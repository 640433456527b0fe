namespace CodexSales.Rx.Tests.Selling;

/// <summary>What the history says of money is what the account has.</summary>
public sealed class SaleMoneyTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    private readonly MemorySalesStore _store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_collateral_of_a_slot_whose_loss_made_its_request_fail_is_lost(bool whileNothingRuns)
    {
        using var sales = new SalesFixture(OneWorker, store: _store).Run();
        Host(sales, SalesFixture.Ask(price: 2, maxSlotLoss: 0) with { ProofProbability = 1 });
        if (whileNothingRuns)
        {
            sales.Stop();
        }

        LoseSlot(sales);
        if (whileNothingRuns)
        {
            sales.RestartFromStore();
        }

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFailed, SaleReason.RequestFailed);
        AssertMoney(sales);
    }

    [Fact]
    public void The_collateral_of_a_slot_of_a_failed_request_is_not_lost_a_second_time_after_a_restart()
    {
        var market = new SimulatedMarketOptions { CallLatency = TimeSpan.FromSeconds(1) };
        using var sales = new SalesFixture(OneWorker, store: _store, market: market).Run();
        sales.Request(SalesFixture.Ask(price: 2, slots: 2, maxSlotLoss: 0) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(20));
        LoseSlot(sales);
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, sales.Ends.Count(end => end.End!.CollateralLost > UInt256.Zero));

        sales.RestartFromStore();
        sales.RunToTheEnd();

        Assert.All(sales.Ends, end => Assert.Equal(UInt256.Zero, end.End!.CollateralLost));
    }

    [Fact]
    public void The_collateral_of_a_slot_that_was_filled_in_the_second_of_expiry_is_lost_and_its_sale_ends()
    {
        var market = new SimulatedMarketOptions { TransactionLatency = TimeSpan.FromSeconds(40) };
        using var sales = new SalesFixture(OneWorker, store: _store, market: market).Run();
        using var data = new Subject<ulong>();
        sales.Storage.OnStore = _ => data;
        sales.Request(SalesFixture.Ask(price: 2, slots: 2) with { ProofProbability = 255 }, expirySeconds: 636);
        var expiry = sales.Steps[0].Sale.Terms.ExpiresAt;
        sales.BuyNoMore();

        // The proof of the period that begins 48 seconds before the expiry fills the slot in the very last one.
        sales.Advance(TimeSpan.FromSeconds(expiry.Value - (ulong)sales.Time.Now.ToUnixTimeSeconds() - 60));
        sales.Time.Run(() =>
        {
            data.OnNext(SalesFixture.GiB);
            data.OnCompleted();
            return Task.CompletedTask;
        });

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        Assert.True(sales.Ends.Single().End!.CollateralLost > UInt256.Zero);
        AssertMoney(sales);

        // The contract lists it as this host's for ever.
        Assert.Single(sales.Time.Run(() => sales.Market.GetMySlotsAsync(sales.Pipeline.Head, default)));
        sales.RestartFromStore();
        sales.RunToTheEnd();
        Assert.Equal(UInt256.Zero, Assert.Single(sales.Ends).End!.CollateralLost);
    }

    [Fact]
    public void The_collateral_of_a_slot_that_was_lost_before_its_request_expired_is_lost()
    {
        using var sales = new SalesFixture(OneWorker, store: _store).Run();
        Host(sales, SalesFixture.Ask(price: 2, slots: 2, maxSlotLoss: 2) with { ProofProbability = 1 });
        sales.Stop();
        LoseSlot(sales);
        sales.Advance(TimeSpan.FromHours(2));

        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
        AssertMoney(sales);
    }

    [Fact]
    public void A_payout_up_to_the_expiry_that_nobody_heard_of_is_counted_up_to_the_expiry()
    {
        using var sales = new SalesFixture(OneWorker, store: _store).Run();
        Host(sales, SalesFixture.Ask(price: 2, slots: 2) with { ProofProbability = 255 });
        while (sales.Calls.TrueForAll(call => call.Name != "FreeSlotAsync"))
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Stop();
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        AssertMoney(sales);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_payout_that_nobody_heard_of_is_counted_to_the_end_of_a_request_that_came_again(bool whileNothingRuns)
    {
        var chain = new SimulatedChainOptions { MaxReorganisation = 2 };
        using var sales = new SalesFixture(OneWorker, store: _store, chain: chain).Run();
        sales.Fault = call => call.Name == "FreeSlotAsync" ? MarketFault.Unconfirmed : MarketFault.None;
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 });
        sales.Advance(TimeSpan.FromSeconds(1));
        if (whileNothingRuns)
        {
            sales.Stop();
        }

        sales.Chain.Reorganise(2, _ => TransactionFate.Delayed);
        sales.Advance(TimeSpan.FromMinutes(1));
        if (whileNothingRuns)
        {
            sales.RestartFromStore();
        }

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.NotEqual(sales.Ends.Single().Sale.Offer.Terms.EndsAt, sales.Ends.Single().Sale.Terms.EndsAt);
        AssertMoney(sales);
    }

    [Fact]
    public void What_a_slot_earned_is_counted_although_nobody_heard_of_its_fill_or_its_payout()
    {
        using var sales = new SalesFixture(OneWorker, store: _store).Run();
        sales.Fault = call => call.Name is "FillSlotAsync" or "FreeSlotAsync" ? MarketFault.Unconfirmed : MarketFault.None;
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 255 });
        while (sales.Calls.TrueForAll(call => call.Name != "FillSlotAsync"))
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Stop();
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.RestartFromStore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.True(sales.Ends.Single().End!.Earned > UInt256.Zero);
        AssertMoney(sales);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_collateral_of_a_slot_that_was_lost_before_anybody_could_ask_whose_it_is_is_lost(ulong confirmations)
    {
        var market = new SimulatedMarketOptions { Confirmations = confirmations };
        using var sales = new SalesFixture(OneWorker, store: _store, market: market).Run();
        sales.Request(SalesFixture.Ask(price: 2, maxSlotLoss: 1) with { ProofProbability = 1 });
        sales.BuyNoMore();
        var isFilling = false;
        sales.Obstacles.Before = called =>
        {
            isFilling |= called == "FillSlotAsync";
            return isFilling && called == "GetSlotAsync" ? new TaskCompletionSource().Task : null;
        };
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(State.SaleFilled, sales.Steps[^1].State);
        LoseSlot(sales);

        sales.Obstacles.Before = _ => null;
        sales.Advance(TimeSpan.FromMinutes(5));

        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
        AssertMoney(sales);
    }

    [Theory]
    [InlineData(0, State.SaleFailed, SaleReason.RequestFailed)]
    [InlineData(1, State.SaleErrored, SaleReason.ForcedOut)]
    public void The_collateral_of_a_slot_that_was_lost_while_nothing_could_be_written_is_lost(
        ulong maxSlotLoss, State state, SaleReason reason)
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = new SalesFixture(OneWorker, store: store, time: time).Run();
        sales.Fault = call =>
        {
            var isFill = call.Name == "FillSlotAsync";
            store.Faults = () => isFill ? StoreFault.Stalls : StoreFault.None;
            return isFill ? MarketFault.Unconfirmed : MarketFault.None;
        };
        sales.Request(SalesFixture.Ask(price: 2, maxSlotLoss: maxSlotLoss) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(5));
        LoseSlot(sales);

        store.Faults = () => StoreFault.None;
        sales.BuyNoMore();
        sales.Advance(TimeSpan.FromMinutes(15));

        sales.AssertEnd(state, reason);
        AssertMoney(sales);
    }

    [Fact]
    public void A_repair_whose_fill_was_taken_back_is_not_lost_and_is_filled_again()
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions { MaxReorganisation = 6 });
        var request = sales.Run().Request(SalesFixture.Ask(price: 2) with { MaxSlotLoss = 1 });
        var slot = new SlotKey(request, 0);
        sales.FillElsewhere(slot);
        sales.Advance(TimeSpan.FromMinutes(10));
        sales.Time.Run(() => sales.Others.FreeSlotAsync(slot, default));
        while (sales.Chain.GetHost(slot) != SalesFixture.Us)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Chain.Reorganise(1, sender => sender == SalesFixture.Us ? TransactionFate.Lost : TransactionFate.Kept);
        Assert.NotEqual(SalesFixture.Us, sales.Chain.GetHost(slot));
        sales.Advance(TimeSpan.FromMinutes(30));

        Assert.All(sales.Ends, end => Assert.Equal(UInt256.Zero, end.End!.CollateralLost));
        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
    }

    [Fact]
    public void What_a_sale_that_came_to_nothing_would_have_put_down_can_be_put_down_by_the_next_one()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 },
            chain: new SimulatedChainOptions { HostFunds = SalesFixture.GiB + (SalesFixture.GiB / 2) }).Run();
        var store = sales.Storage.OnStore;
        sales.Storage.OnStore = _ => Observable.Throw<ulong>(new IOException("There is nothing at that address."));
        sales.Request(SalesFixture.Ask(price: 3));
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SaleReason.DownloadFailed, Assert.Single(sales.Ends).End!.Reason);

        sales.Storage.OnStore = store;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(4));

        Assert.Contains(sales.Steps, step => step is { State: State.SaleProving, Sale.Number: 2 });
    }

    [Fact]
    public void A_slot_that_another_host_took_over_between_two_looks_is_lost()
    {
        using var sales = new SalesFixture(OneWorker, store: _store).Run();
        var slot = Host(sales, SalesFixture.Ask(price: 2, maxSlotLoss: 1) with { ProofProbability = 1 });
        LoseSlot(sales);
        sales.FillElsewhere(slot);

        sales.Prover.OnProve = (_, _) => Task.FromResult(ScriptedProver.Proof);
        sales.Advance(TimeSpan.FromMinutes(4));

        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
        AssertMoney(sales);
    }

    private static SlotKey Host(SalesFixture sales, StorageAsk ask)
    {
        // One slot is enough.
        sales.Request(ask);
        sales.BuyNoMore();
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        return sales.Steps[^1].Sale.Slot;
    }

    private static void LoseSlot(SalesFixture sales)
    {
        var slot = sales.Steps[^1].Sale.Slot;
        sales.Prover.OnProve = (_, _) => Task.FromException<Groth16Proof>(new InvalidOperationException("broken"));
        while (sales.Chain.GetHost(slot) == SalesFixture.Us)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static void AssertMoney(SalesFixture sales)
    {
        var end = Assert.Single(sales.Ends).End!;
        Assert.Equal(
            sales.Chain.Options.HostFunds + end.Earned,
            sales.Chain.BalanceOf(SalesFixture.Us) + end.CollateralLost);
    }
}
