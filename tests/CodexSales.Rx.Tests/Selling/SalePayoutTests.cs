namespace CodexSales.Rx.Tests.Selling;

/// <summary>What a sale is paid, and what is left of it.</summary>
public sealed class SalePayoutTests
{
    [Theory]
    [InlineData(MarketFault.Lost)]
    [InlineData(MarketFault.Unconfirmed)]
    public void A_payout_is_asked_for_until_the_chain_has_paid_and_what_it_paid_is_earned(MarketFault fault)
    {
        using var sales = new SalesFixture();
        sales.Fault = call => call.Name == "FreeSlotAsync" && Frees(sales) <= 3 ? fault : MarketFault.None;
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal(fault == MarketFault.Lost ? 4 : 1, Frees(sales));
        AssertEarnedIsPaid(sales);
    }

    [Fact]
    public void A_payout_is_asked_for_once_although_its_block_is_told_later_than_what_it_paid()
    {
        using var sales = new SalesFixture();
        sales.Obstacles.HeadsSeen = heads => heads.Delay(TimeSpan.FromSeconds(30), sales.Time);
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(30), sales.Time);
        sales.Obstacles.FinalHeadsSeen = finals => finals.Delay(TimeSpan.FromSeconds(30), sales.Time);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromHours(26));

        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Equal(1, Frees(sales));
    }

    [Theory]
    [InlineData("GetSlotAsync")]
    [InlineData("FreeSlotAsync")]
    public void A_payout_waits_for_a_market_that_is_away_or_broken_or_silent(string call)
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2));
        var broken = ObstructedMarket.Throws(call);
        sales.Obstacles.Before = called =>
            sales.Time.ChainTime > sales.Steps[0].Sale.Terms.EndsAt ? broken(called) : null;
        sales.Advance(TimeSpan.FromHours(26));
        sales.Obstacles.Before = ObstructedMarket.Hangs(call);
        sales.Advance(TimeSpan.FromHours(2));
        sales.Obstacles.Before = _ => null;
        sales.Fault = made => made.Name == call ? MarketFault.Lost : MarketFault.None;
        sales.Advance(TimeSpan.FromHours(2));
        Assert.Empty(sales.Ends);

        sales.Fault = _ => MarketFault.None;

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        AssertEarnedIsPaid(sales);
    }

    [Theory]
    [InlineData(MarketFault.None)]
    [InlineData(MarketFault.Lost)]
    [InlineData(MarketFault.Unconfirmed)]
    public void A_slot_of_a_request_that_expires_is_paid_up_to_the_expiry(MarketFault fault)
    {
        using var sales = new SalesFixture();
        sales.Fault = call => call.Name == "FreeSlotAsync" && Frees(sales) <= 2 ? fault : MarketFault.None;
        sales.Storage.OnCall = download =>
        {
            if (download.Slot.SlotIndex == 0)
            {
                throw new IOException("There is nothing at that address.");
            }
        };
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 2));

        sales.RunToTheEnd();

        var cancelled = Assert.Single(sales.Ends, end => end.State == State.SaleCancelled);
        var filled = sales.Steps.First(step => step.State == State.SaleFilled).At;
        var seconds = cancelled.Sale.Terms.ExpiresAt.SecondsSince(filled);
        Assert.Equal(SaleReason.RequestExpired, cancelled.End!.Reason);
        Assert.Equal((UInt256)(2 * SalesFixture.GiB * seconds), cancelled.End.Earned);
        AssertEarnedIsPaid(sales);
    }

    [Theory]
    [InlineData(SlotState.Finished, State.SalePayout)]
    [InlineData(SlotState.Cancelled, State.SaleCancelled)]
    [InlineData(SlotState.Failed, State.SaleFailed)]
    public void A_slot_that_is_filled_is_never_freed_although_its_sale_took_it_for_over(SlotState told, State state)
    {
        using var sales = new SalesFixture();
        var freed = new List<SlotState>();
        sales.Fault = call =>
        {
            if (call.Name == "FreeSlotAsync")
            {
                freed.Add(sales.Chain.GetSlotState(call.Slot!.Value));
            }

            return MarketFault.None;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);

        // As one node in a block that is taken back says, once.
        var isTold = false;
        sales.Obstacles.SlotStateSeen = seen =>
        {
            var before = isTold;
            isTold = true;
            return before ? seen : told;
        };

        sales.RunToTheEnd();
        Assert.Equal([SlotState.Finished], freed);
        Assert.Equal(
            [State.SaleProving, state, State.SaleProving, State.SalePayout, State.SaleFinished],
            sales.Steps.SkipWhile(step => step.State != State.SaleProving).Select(step => step.State));
        AssertEarnedIsPaid(sales);
    }

    [Fact]
    public void A_request_that_was_taken_for_expired_and_has_started_after_all_is_hosted_on()
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(59));
        sales.Obstacles.RequestStateSeen = _ => RequestState.Cancelled;
        sales.Advance(TimeSpan.FromMinutes(1.5));
        sales.Obstacles.RequestStateSeen = state => state;

        sales.RunToTheEnd();

        Assert.Contains(sales.Steps, step => step.State == State.SaleCancelled);
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        AssertEarnedIsPaid(sales);
    }

    [Fact]
    public void Space_whose_data_can_not_be_cleared_is_not_sold_before_it_is()
    {
        using var sales = new SalesFixture();
        var isBroken = true;
        sales.Storage.OnClear = _ => isBroken ? Task.FromException(new IOException("Busy.")) : Task.CompletedTask;
        sales.Run(SalesFixture.Offer(gib: 1)).Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(25));
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(30));
        Assert.True(sales.Storage.Cleared.Count > 10);
        Assert.Empty(sales.Ends);
        Assert.Single(sales.Started);
        Assert.Equal((0UL, 1), (sales.Balance.FreeBytes, sales.Balance.Sales));

        isBroken = false;

        sales.Advance(TimeSpan.FromMinutes(3));
        Assert.Single(sales.Ends);
        Assert.Equal(2, sales.Started.Count());
        sales.RunToTheEnd();
    }

    private static int Frees(SalesFixture sales) => sales.Calls.Count(call => call.Name == "FreeSlotAsync");

    private static void AssertEarnedIsPaid(SalesFixture sales) => Assert.Equal(
        sales.Chain.Options.HostFunds + sales.Ends.Aggregate(UInt256.Zero, (sum, end) => sum + end.End!.Earned),
        sales.Chain.BalanceOf(SalesFixture.Us));
}
