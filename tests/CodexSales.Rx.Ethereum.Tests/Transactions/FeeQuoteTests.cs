using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>By how much a replacement pays more.</summary>
public sealed class FeeQuoteTests
{
    private static readonly FeeQuote _now = new(new DynamicFees(1, 0), BaseFee: 1);

    [Fact]
    public void Both_fees_are_raised_by_an_eighth() =>
        Assert.Equal(new DynamicFees(900, 90), _now.Raise(new DynamicFees(800, 80), most: 1_000));

    [Fact]
    public void Fees_of_now_are_offered_where_they_are_higher() =>
        Assert.Equal(
            new DynamicFees(5_000, 90),
            new FeeQuote(new DynamicFees(5_000, 1), BaseFee: 1).Raise(new DynamicFees(800, 80), most: 5_000));

    [Fact]
    public void A_tip_of_nothing_can_be_raised() =>
        Assert.Equal(new DynamicFees(9, 1), _now.Raise(new DynamicFees(8, 0), most: 1_000));

    [Fact]
    public void A_legacy_price_is_raised_by_an_eighth() =>
        Assert.Equal(new LegacyFees(900), new FeeQuote(new LegacyFees(1), BaseFee: 0).Raise(new LegacyFees(800), most: 1_000));

    [Fact]
    public void Nothing_is_offered_above_the_limit() =>
        Assert.Null(_now.Raise(new DynamicFees(800, 80), most: 899));
}
