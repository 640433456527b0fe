namespace CodexSales.Rx.Tests.Selling;

/// <summary>A fill of which nobody knows what became of it.</summary>
public sealed class SaleFillingTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };
    private static readonly TimeSpan Doubt = OneWorker.Selling.TransactionDeadline;

    [Fact]
    public void A_fill_that_is_seen_before_it_is_told_is_expected_to_pay_like_any_other()
    {
        using var sales = new SalesFixture();
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(170), sales.Time);
        sales.Fault = call => call.Name == "FillSlotAsync" ? MarketFault.Unconfirmed : MarketFault.None;
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        Assert.NotEqual(UInt256.Zero, sales.Balance.ExpectedReward);
    }

    [Fact]
    public void A_fill_in_doubt_that_landed_is_hosted_and_not_sent_again()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Fault = call => call.Name == "FillSlotAsync" ? MarketFault.Unconfirmed : MarketFault.None;

        sales.Request(SalesFixture.Ask(price: 2));

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Single(Fills(sales));
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("throws")]
    [InlineData("hangs")]
    public void A_fill_in_doubt_that_does_not_land_is_sent_again_while_the_slot_is_free(string fault)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        BreakFills(sales, fault);
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(2 * Doubt);
        Assert.Equal((State.SaleFilling, 1), (sales.Steps[^1].State, sales.Busy[^1]));

        BreakFills(sales, "none");

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void A_fill_in_doubt_whose_request_was_taken_back_frees_its_worker_and_is_given_up_when_that_stands_for_good()
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 50 }).Run();
        BreakFills(sales, "lost");
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(Doubt / 2);
        Assert.Equal((State.SaleFilling, 1), (sales.Steps[^1].State, sales.Busy[^1]));
        sales.Chain.Reorganise(50, _ => TransactionFate.Lost);

        sales.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, sales.Busy[^1]);
        sales.Advance(TimeSpan.FromSeconds(12 * 50) - TimeSpan.FromMinutes(2));
        Assert.Empty(sales.Ends);
        Assert.Empty(sales.Storage.Cleared);

        sales.Advance(TimeSpan.FromMinutes(2));

        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);
        sales.RunToTheEnd();
    }

    [Fact]
    public void A_fill_that_was_refused_and_lands_after_a_reorganisation_is_hosted_although_its_event_comes_late()
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 6 });
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(150), sales.Time);
        var isOutrun = false;
        sales.Fault = call =>
        {
            if (call.Name == "FillSlotAsync" && !isOutrun)
            {
                isOutrun = true;
                _ = sales.Others.ReserveSlotAsync(call.Slot!.Value, default);
                _ = sales.Others.FillSlotAsync(call.Slot!.Value, SimulatedProver.AnyProof, UInt256.MaxValue, default);
            }

            return MarketFault.None;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2));
        while (!isOutrun)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Advance(TimeSpan.FromSeconds(20));
        sales.Chain.Reorganise(3, sender => sender == sales.Others.Host ? TransactionFate.Lost : TransactionFate.Delayed);
        sales.Advance(TimeSpan.FromMinutes(20));

        Assert.Empty(sales.Ends);
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
    }

    [Fact]
    public void A_fill_that_a_rival_outran_is_not_sent_again_before_its_block_is_told()
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 6 });
        sales.Obstacles.HeadsSeen = heads => heads.Delay(TimeSpan.FromSeconds(25), sales.Time);
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(25), sales.Time);
        var fills = 0;
        sales.Fault = call =>
        {
            if (call.Name == "FillSlotAsync" && ++fills == 1)
            {
                _ = sales.Others.ReserveSlotAsync(call.Slot!.Value, default);
                _ = sales.Others.FillSlotAsync(call.Slot!.Value, SimulatedProver.AnyProof, UInt256.MaxValue, default);
            }

            return MarketFault.None;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(15));

        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        Assert.Equal(1, fills);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(3_600)]
    public void A_request_that_is_not_known_for_a_while_does_not_end_the_sale_whose_fill_is_in_doubt(ulong expirySeconds)
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 10 }).Run();
        BreakFills(sales, "lost");
        sales.Request(SalesFixture.Ask(price: 2), expirySeconds);
        sales.Advance(TimeSpan.FromSeconds(595));
        sales.Obstacles.RequestStateSeen = _ => null;
        sales.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(0, sales.Busy[^1]);

        sales.Obstacles.RequestStateSeen = state => state;

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_fill_that_is_sent_again_comes_with_the_proof_of_that_period()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var provedAt = new List<DateTimeOffset>();
        sales.Prover.OnProve = (_, _) =>
        {
            provedAt.Add(sales.Time.Now);
            return provedAt.Count == 2
                ? throw new InvalidOperationException("Not this time.")
                : Task.FromResult(ScriptedProver.Proof);
        };
        BreakFills(sales, "lost");

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(3 * Doubt);

        Assert.Equal([provedAt[0], .. provedAt.Skip(2)], Fills(sales).Select(call => call.At));
    }

    [Theory]
    [InlineData(700)]
    [InlineData(740)]
    [InlineData(780)]
    [InlineData(820)]
    [InlineData(860)]
    [InlineData(900)]
    public void A_fill_in_doubt_is_not_sent_again_so_late_that_it_lands_in_the_second_of_expiry(ulong expirySeconds)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        BreakFills(sales, "lost");
        var expiresAt = sales.Time.Now.AddSeconds(expirySeconds + sales.Chain.Options.BlockSeconds);

        sales.Request(SalesFixture.Ask(price: 2), expirySeconds);

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        Assert.InRange(Fills(sales).Count(), 1, 2);
        Assert.All(Fills(sales), fill => Assert.True(fill.At < expiresAt.AddSeconds(-30)));
    }

    [Fact]
    public void A_repair_in_doubt_does_not_keep_its_worker_until_the_end_of_the_request()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.RepairUpTo(State.SaleFilling);

        sales.Obstacles.Before = _ => null;
        sales.Advance(3 * Doubt);

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        Assert.Equal(0, sales.Busy[^1]);
    }

    [Fact]
    public void A_slot_that_another_host_fills_while_our_fill_is_in_doubt_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        BreakFills(sales, "lost");
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        sales.Advance(TimeSpan.FromMinutes(5));

        sales.FillElsewhere(slot);

        sales.Advance(TimeSpan.Zero);
        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        sales.BuyNoMore();
        sales.RunToTheEnd();
    }

    [Fact]
    public void A_fill_that_never_lands_is_given_up_when_the_request_expires_and_not_before()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        BreakFills(sales, "lost");
        sales.Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromHours(1));
        Assert.Empty(sales.Ends);
        Assert.Equal(1, sales.Balance.Sales);

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        var lastFill = UnixSeconds.From(Fills(sales).Last().At);
        Assert.True(lastFill.Plus(30) < sales.Steps[0].Sale.Terms.ExpiresAt);
    }

    private static IEnumerable<MarketCall> Fills(SalesFixture sales) =>
        sales.Calls.Where(call => call.Name == "FillSlotAsync");

    private static void BreakFills(SalesFixture sales, string fault)
    {
        sales.Fault = call => fault == "lost" && call.Name == "FillSlotAsync" ? MarketFault.Lost : MarketFault.None;
        sales.Obstacles.Before = fault == "hangs" ? ObstructedMarket.Hangs("FillSlotAsync")
            : fault == "throws" ? ObstructedMarket.Throws("FillSlotAsync")
            : _ => null;
    }
}
