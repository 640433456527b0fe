namespace CodexSales.Rx.Tests.Cases;

/// <summary>The best is taken from the first moment, not the first.</summary>
public sealed class BestFirstTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_many_requests_the_dearest_gets_the_only_room(bool isBeforeTheStart)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 3 });
        if (isBeforeTheStart)
        {
            RequestMany(sales);
        }

        sales.Run(SalesFixture.Offer(gib: 1));
        if (!isBeforeTheStart)
        {
            RequestMany(sales);
        }

        sales.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal("200", sales.Steps[0].Sale.Terms.Ask.PricePerBytePerSecond.ToString());
        var hosted = Assert.Single(sales.Steps, step => step.State == SaleStateName.SaleProving);
        Assert.Equal("200", hosted.Sale.Terms.Ask.PricePerBytePerSecond.ToString());
    }

    // All in one block.
    private static void RequestMany(SalesFixture sales)
    {
        for (var price = 1UL; price <= 200; price++)
        {
            sales.Chain.RequestStorage(SalesFixture.Ask(price), expirySeconds: 3_600);
        }

        sales.Advance(TimeSpan.FromSeconds(sales.Chain.Options.BlockSeconds));
    }
}
