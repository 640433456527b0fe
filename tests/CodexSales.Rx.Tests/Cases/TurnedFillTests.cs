using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>Our fill reverts because a rival's stands before it; then that block is replaced, and ours lands.</summary>
public sealed class TurnedFillTests
{
    private const int Depth = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(Depth - 1)]
    public void A_fill_that_reverted_and_lands_after_a_reorganisation_has_its_sale_within_a_period(int blocksLater)
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 }, chain: new SimulatedChainOptions { MaxReorganisation = Depth }).Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 }), 0);
        FillWithRivalAhead(sales, slot);
        sales.Advance(TimeSpan.FromSeconds(12 * blocksLater));
        Assert.NotEqual(State.SaleProving, sales.Steps[^1].State);
        Assert.Equal(0, sales.Busy[^1]);
        sales.BuyNoMore();

        sales.Chain.Reorganise(
            blocksLater + 1, sender => sender == sales.Others.Host ? TransactionFate.Lost : TransactionFate.Kept);
        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        sales.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.RunToTheEnd();
        sales.AssertEndPaid();
        Assert.Single(sales.Started);
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(Depth - 2)]
    public void A_fill_that_landed_and_reverts_after_a_reorganisation_has_lost_nothing(int blocksLater)
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 }, chain: new SimulatedChainOptions { MaxReorganisation = Depth }).Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 }), 0);
        sales.Time.Run(() => sales.Others.ReserveSlotAsync(slot, default));
        while (sales.Calls.TrueForAll(call => call.Name != "FillSlotAsync"))
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        _ = sales.Others.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default);
        sales.Advance(TimeSpan.FromSeconds(12 * (blocksLater + 1)));
        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.BuyNoMore();

        sales.Chain.Reorganise(
            blocksLater + 2, sender => sender == SalesFixture.Us ? TransactionFate.KeptLast : TransactionFate.Kept);
        Assert.Equal(sales.Others.Host, sales.Chain.GetHost(slot));
        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        Assert.Equal(UInt256.Zero, sales.Ends.Single().End!.CollateralLost);
        Assert.Equal(sales.Chain.Options.HostFunds, sales.Chain.BalanceOf(SalesFixture.Us));
    }

    [Fact]
    public void A_slot_whose_rival_fill_is_replaced_by_none_is_filled_after_all_by_the_same_sale()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 }, chain: new SimulatedChainOptions { MaxReorganisation = Depth }).Run();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        FillWithRivalAhead(sales, slot);
        sales.Advance(TimeSpan.FromSeconds(12));
        sales.Chain.Reorganise(2, _ => TransactionFate.Lost);
        Assert.Equal(default, sales.Chain.GetHost(slot));
        sales.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal((State.SaleProving, 1), (sales.Steps[^1].State, sales.Steps[^1].Sale.Number));
        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
    }

    // Its books are closed only once events have told whether it ever had the slot.
    [Theory]
    [InlineData(5)]
    [InlineData(13)]
    public void A_fill_that_turns_while_nothing_runs_has_lost_nothing_although_events_come_later_than_blocks(int seconds)
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 },
            store: new MemorySalesStore(),
            chain: new SimulatedChainOptions { MaxReorganisation = Depth });
        sales.Obstacles.EventsSeen = events => events.Delay(TimeSpan.FromSeconds(seconds), sales.Time);
        var slot = new SlotKey(sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 }), 0);
        sales.Time.Run(() => sales.Others.ReserveSlotAsync(slot, default));
        while (sales.Calls.TrueForAll(call => call.Name != "FillSlotAsync"))
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        _ = sales.Others.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default);
        sales.Advance(TimeSpan.FromSeconds(48));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.BuyNoMore();

        sales.Stop();
        sales.Chain.Reorganise(6, sender => sender == SalesFixture.Us ? TransactionFate.KeptLast : TransactionFate.Kept);
        Assert.Equal(sales.Others.Host, sales.Chain.GetHost(slot));
        sales.RestartFromStore();
        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        Assert.Equal(UInt256.Zero, sales.Ends.Single().End!.CollateralLost);
    }

    // Both fills are sent for the same block, the rival's first.
    private static void FillWithRivalAhead(SalesFixture sales, SlotKey slot)
    {
        sales.Time.Run(() => sales.Others.ReserveSlotAsync(slot, default));
        var isFilling = false;
        sales.Obstacles.Before = call =>
        {
            if (call == "FillSlotAsync" && !isFilling)
            {
                isFilling = true;
                _ = sales.Others.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default);
            }

            return null;
        };
        while (sales.Chain.GetHost(slot) == default)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(sales.Others.Host, sales.Chain.GetHost(slot));
    }
}
