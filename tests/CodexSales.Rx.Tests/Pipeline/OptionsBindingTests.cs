using Microsoft.Extensions.Configuration;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>Options come from the configuration of .NET as well as from code.</summary>
public sealed class OptionsBindingTests
{
    [Fact]
    public void Options_are_bound_by_reflection()
    {
        var options = Section(("Workers", "2"), ("QueueCapacity", "16"), ("Selling:ReserveDeadline", "00:01:30"))
            .Get<SalesPipelineOptions>();

        Assert.Equal(
            new SalesPipelineOptions
            {
                Workers = 2,
                QueueCapacity = 16,
                Selling = new SellingOptions { ReserveDeadline = TimeSpan.FromSeconds(90) },
            },
            options);
    }

    [Fact]
    public void What_is_for_sale_is_bound_by_reflection()
    {
        var offer = Offer("18446744073709551616").Get<Availability>()!;

        Assert.Equal((new AvailabilityId("disk 1"), new UnixSeconds(5)), (offer.Id, offer.Until));
        Assert.Equal(UInt256.Parse("18446744073709551616"), offer.TotalCollateral);
        Assert.False(offer.IsDisabled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1e18")]
    [InlineData("1,000")]
    [InlineData("-1")]
    public void An_amount_that_can_not_be_read_is_an_error_and_not_0(string amount)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Offer(amount).Get<Availability>());

        Assert.Contains("TotalCollateral", error.Message, StringComparison.Ordinal);
    }

    // As code that is generated sets them. What was made of them is checked, and stays.
    [Fact]
    public void Options_that_are_changed_later_change_no_pipeline()
    {
        var options = new SalesPipelineOptions();
        using var sales = new SalesFixture(options);

        options.QueueCapacity = -1;
        options.Selling.MaxProofsAtOnce = -1;

        sales.Run();
        sales.Request(SalesFixture.Ask(2));
        sales.RunToTheEnd();
        Assert.Equal(SaleReason.Paid, Assert.Single(sales.Ends).End!.Reason);
    }

    private static IConfiguration Offer(string collateral) => Section(
        ("Id", "disk 1"),
        ("TotalBytes", "1"),
        ("MaxDurationSeconds", "1"),
        ("MinPricePerBytePerSecond", "1"),
        ("TotalCollateral", collateral),
        ("Until", "5"));

    private static IConfiguration Section(params IEnumerable<(string Key, string Value)> values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .Build();
}
