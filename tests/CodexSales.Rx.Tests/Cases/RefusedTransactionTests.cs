namespace CodexSales.Rx.Tests.Cases;

/// <summary>Transactions that are refused, and may not be later.</summary>
public sealed class RefusedTransactionTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    // As one that lands a block after its period.
    [Fact]
    public void A_fill_whose_proof_is_void_is_sent_again()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var fills = 0;
        sales.Obstacles.Refusal = call =>
            call == "FillSlotAsync" && fills++ == 0 ? MarketRefusal.InvalidProof : null;

        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200));
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.RunToTheEnd();
        sales.AssertEndPaid();
    }

    [Fact]
    public void A_proof_that_is_refused_is_made_again_as_of_a_newer_block_all_through_the_period()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var (looks, refused) = (0, 0);
        sales.Obstacles.Before = call =>
        {
            looks += call == "GetSlotAsync" ? 1 : 0;
            return null;
        };
        sales.Obstacles.Refusal = call =>
        {
            refused += call == "SubmitProofAsync" ? 1 : 0;
            return call == "SubmitProofAsync" ? MarketRefusal.InvalidProof : null;
        };
        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(9));
        var (looksBefore, refusedBefore, provedBefore) = (looks, refused, sales.Prover.Calls);

        sales.Advance(TimeSpan.FromMinutes(2));

        Assert.InRange(refused - refusedBefore, 5, 20);
        Assert.InRange(looks - looksBefore, refused - refusedBefore, refused - refusedBefore + 2);
        Assert.InRange(sales.Prover.Calls - provedBefore, refused - refusedBefore, refused - refusedBefore + 1);
    }
}
