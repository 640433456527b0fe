using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>To free a slot that the contract still counts as filled costs all that was put down for it.</summary>
public sealed class FreeSlotTests
{
    // A block may come in the very last second of the request, one or more later.
    [Theory]
    [InlineData(0, 7_200)]
    [InlineData(0, 7_199)]
    [InlineData(0, 7_189)]
    [InlineData(10, 7_200)]
    [InlineData(10, 7_199)]
    [InlineData(10, 7_193)]
    [InlineData(40, 7_200)]
    public void A_slot_is_freed_as_soon_as_a_block_that_stays_for_good_is_past_its_end_and_not_before(int depth, ulong duration)
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions { MaxReorganisation = depth });
        var freedAt = new List<ulong>();
        sales.Fault = call =>
        {
            if (call.Name == "FreeSlotAsync")
            {
                freedAt.Add(NewestBlock(sales));
            }

            return MarketFault.None;
        };

        sales.Run().Request(SalesFixture.Ask(price: 2, durationSeconds: duration));

        sales.RunToTheEnd();
        sales.AssertEndPaid();
        var end = sales.Ends.Single().Sale.Terms.EndsAt.Value;
        var final = Assert.Single(freedAt) - ((ulong)depth * 12);
        Assert.InRange(final, end + 1, end + 12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void A_slot_of_a_request_that_expired_is_freed_once_that_stands_for_good(int depth)
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 }, chain: new SimulatedChainOptions { MaxReorganisation = depth });
        var freedAt = new List<ulong>();
        sales.Fault = call =>
        {
            if (call.Name == "FreeSlotAsync")
            {
                freedAt.Add(NewestBlock(sales));
            }

            return MarketFault.None;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 2) with { ProofProbability = 255 });
        sales.BuyNoMore();

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        var expiry = sales.Ends.Single().Sale.Terms.ExpiresAt.Value;
        Assert.True(Assert.Single(freedAt) - ((ulong)depth * 12) > expiry);
    }

    // Every node says so, the deepest block included: nothing could be known better.
    [Fact]
    public void A_slot_that_was_freed_and_paid_nothing_is_an_alarm_and_booked_as_lost()
    {
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(10));
        sales.BuyNoMore();
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.Obstacles.SlotStateSeen = state =>
            state is SlotState.Filled && sales.Calls[^1].Name != "FreeSlotAsync" ? SlotState.Finished : state;

        sales.Advance(TimeSpan.FromMinutes(10));
        sales.Obstacles.SlotStateSeen = state => state;

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
        var end = sales.Ends.Single();
        Assert.Equal((end.Sale.Terms.Collateral, UInt256.Zero), (end.End!.CollateralLost, end.End.Earned));
        Assert.Equal(
            sales.Chain.Options.HostFunds, sales.Chain.BalanceOf(SalesFixture.Us) + end.End.CollateralLost);
        Assert.Contains(sales.Troubles, trouble => trouble.Error.Message.Contains("nothing was paid", StringComparison.Ordinal));
    }

    // The time of the newest block.
    private static ulong NewestBlock(SalesFixture sales) => sales.Time.ChainTime.Value / 12 * 12;
}
