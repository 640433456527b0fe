using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>What a case comes to.</summary>
internal static class Endings
{
    /// <summary>One sale, paid, of which nothing was lost: the account has what the books say.</summary>
    public static void AssertEndPaid(this SalesFixture sales)
    {
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        var end = sales.Ends.Single().End!;
        Assert.Equal(UInt256.Zero, end.CollateralLost);
        Assert.Equal(sales.Chain.Options.HostFunds + end.Earned, sales.Chain.BalanceOf(SalesFixture.Us));
    }
}
