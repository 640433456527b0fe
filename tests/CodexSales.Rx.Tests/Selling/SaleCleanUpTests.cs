namespace CodexSales.Rx.Tests.Selling;

/// <summary>The process ends after a sale did, and before its data was deleted: nothing of it is tried again.</summary>
public sealed class SaleCleanUpTests
{
    private readonly MemorySalesStore _store = new();

    [Fact]
    public void A_slot_whose_fill_was_refused_is_not_filled_after_its_data_was_deleted()
    {
        using var sales = new SalesFixture(StuckSales.Patient, store: _store).Run();
        sales.Obstacles.Refusal = called => called == "FillSlotAsync" ? MarketRefusal.Other : null;
        sales.Request(SalesFixture.Ask(price: 2));
        EndWhileDataIsDeleted(sales, TimeSpan.FromMinutes(5));
        sales.Obstacles.Refusal = _ => null;
        sales.Calls.Clear();

        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromMinutes(1));

        sales.AssertEnd(State.SaleErrored, SaleReason.TransactionRefused);
        Assert.Empty(sales.Calls.Select(call => call.Name).Except(["GetRulesAsync", "GetMySlotsAsync"]));
        Assert.Equal(0, sales.Busy.Max());
    }

    [Fact]
    public void What_a_payout_told_is_in_the_books_although_its_data_was_deleted_by_the_next_process()
    {
        using var sales = new SalesFixture(store: _store).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromHours(1));
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The disk is slow.");
        sales.Advance(TimeSpan.FromMinutes(8));
        Assert.True(sales.Steps[^1].MissedProofs > 0);
        sales.Unstick().RestartFromStore();
        EndWhileDataIsDeleted(sales, TimeSpan.FromHours(25));

        sales.RestartFromStore();
        sales.RunToTheEnd();

        var end = Assert.Single(sales.Ends).End!;
        Assert.True(end.CollateralLost > UInt256.Zero);
        Assert.Equal(
            sales.Chain.Options.HostFunds + end.Earned, sales.Chain.BalanceOf(SalesFixture.Us) + end.CollateralLost);
        Assert.Equal(end.CollateralLost, sales.Balance.Past.Slashed);
        Assert.Equal((State.SaleFinished, State.SaleFinished), (sales.Recovered[0].Remembered, sales.Recovered[0].Next));
    }

    private static void EndWhileDataIsDeleted(SalesFixture sales, TimeSpan until)
    {
        sales.Storage.OnClear = _ => new TaskCompletionSource().Task;
        sales.Advance(until);
        Assert.NotEmpty(sales.Storage.Cleared);
        Assert.Empty(sales.Ends);
        sales.Stop();
        sales.Storage.OnClear = _ => Task.CompletedTask;
    }
}
