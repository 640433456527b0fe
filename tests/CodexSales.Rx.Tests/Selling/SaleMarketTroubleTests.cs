namespace CodexSales.Rx.Tests.Selling;

/// <summary>A market that is away, broken or silent while a slot is acquired.</summary>
public sealed class SaleMarketTroubleTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Theory]
    [InlineData("GetRulesAsync")]
    [InlineData("GetOfferAsync")]
    [InlineData("GetSlotAsync")]
    public void A_question_that_is_not_answered_for_a_while_is_asked_again_and_the_sale_goes_on(string question)
    {
        using var sales = new SalesFixture(OneWorker);
        var lost = 0;
        sales.Fault = call => call.Name == question && lost++ < 4 ? MarketFault.Lost : MarketFault.None;

        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.True(sales.Troubles.Count >= 4);
        sales.AssertClearedOnce();
    }

    [Theory]
    [InlineData("GetOfferAsync", SaleReason.HostFault)]
    [InlineData("ReserveSlotAsync", SaleReason.HostFault)]
    [InlineData("GetSlotAsync", SaleReason.ProofFailed)]
    public void A_market_that_throws_before_the_slot_can_be_ours_errs_that_sale(string call, SaleReason reason)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.Before = ObstructedMarket.Throws(call);

        sales.Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(4));
        sales.AssertEnd(State.SaleErrored, reason);
        sales.Obstacles.Before = _ => null;
        sales.RunToTheEnd();
        Assert.Equal([reason, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
        sales.AssertClearedOnce();
    }

    [Theory]
    [InlineData("GetOfferAsync")]
    [InlineData("ReserveSlotAsync")]
    public void A_market_that_never_answers_while_a_slot_is_reserved_errs_that_sale_at_the_deadline(string call)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.Before = ObstructedMarket.Hangs(call);

        sales.Request(SalesFixture.Ask(price: 2));

        sales.Advance(OneWorker.Selling.ReserveDeadline - TimeSpan.FromSeconds(1));
        Assert.Empty(sales.Ends);
        sales.Advance(TimeSpan.FromSeconds(1));
        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.Obstacles.Before = _ => null;
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Theory]
    [InlineData("GetOfferAsync", 1)]
    [InlineData("GetSlotAsync", 1)]
    [InlineData("GetSlotAsync", 2)]
    [InlineData("GetSlotAsync", 3)]
    public void An_answer_that_never_comes_is_asked_for_again(string question, int hangingCall)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var calls = 0;
        sales.Obstacles.Before = called =>
            called == question && ++calls == hangingCall ? new TaskCompletionSource().Task : null;

        sales.Request(SalesFixture.Ask(price: 2));

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }
}
