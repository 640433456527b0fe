using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>What is hosted goes before what is new; and what is late is not taken for what is not there.</summary>
public sealed class UrgencyTests
{
    [Fact]
    public void A_first_proof_that_hangs_holds_up_no_proof_of_a_hosted_slot()
    {
        var options = new SalesPipelineOptions { Workers = 2, Selling = new SellingOptions { MaxProofsAtOnce = 1 } };
        using var sales = new SalesFixture(options).Run();
        var hosted = sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);

        sales.Prover.OnProve = (slot, _) => slot.RequestId == hosted
            ? Task.FromResult(ScriptedProver.Proof)
            : new TaskCompletionSource<Groth16Proof>().Task;
        sales.Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.Advance(TimeSpan.FromMinutes(25));

        Assert.Equal(2, sales.Busy[^1]);
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
        Assert.Equal(
            0UL,
            sales.Time.Run(() => sales.Market.GetSlotAsync(new SlotKey(hosted, 0), sales.Pipeline.Head, default)).MissedProofs);
    }

    // That others have all reservations is told minutes after the contract has refused ours.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_reservation_that_others_won_is_not_taken_for_our_own_however_late_that_is_told(int minutes)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Obstacles.EventsSeen = events => events.Delay(TimeSpan.FromMinutes(minutes), sales.Time);
        sales.Run();
        var slot = sales.SellUpToQuestion("ReserveSlotAsync", out var answer);
        while (sales.Steps.Count == 0 || sales.Steps[^1].State is not State.SaleSlotReserving)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.ReserveElsewhere(slot);
        answer();
        sales.Advance(TimeSpan.FromMinutes(minutes + 1));

        sales.AssertEnd(State.SaleIgnored, SaleReason.ReservationNotAllowed);
        Assert.Empty(sales.Storage.Stored);
    }
}
