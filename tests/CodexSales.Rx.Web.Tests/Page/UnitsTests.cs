using CodexSales.Rx.Domain;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", "0 tokens")]
    [InlineData("1", "1.00 attotokens")]
    [InlineData("1222902", "1.22 picotokens")]
    [InlineData("999000000000000", "999 microtokens")]
    [InlineData("2812500000000000", "0.00281 tokens")]
    [InlineData("116400000000000000", "0.116 tokens")]
    [InlineData("12340000000000000000", "12.3 tokens")]
    [InlineData("1234567000000000000000000", "1,234,567 tokens")]
    public void Amounts_are_tokens_in_a_few_digits(string amount, string text) => Assert.Equal(text, Units.TokenText(UInt256.Parse(amount)));

    [Theory]
    [InlineData("2812500000000001", "0.002812500000000001 tokens")]
    [InlineData("3000000000000000000", "3 tokens")]
    public void All_digits_of_an_amount_can_be_told(string amount, string text) => Assert.Equal(text, Units.Exactly(UInt256.Parse(amount)));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(107374182400, "100 GiB")]
    [InlineData(1649267441664, "1.50 TiB")]
    public void Sizes_are_in_units_of_1024(double bytes, string text) => Assert.Equal(text, Units.Size(bytes));

    [Fact]
    public void A_price_is_for_a_TiB_and_30_days()
    {
        Assert.Equal("2.85 tokens per TiB and month", Units.PriceText(1));
        Assert.Equal("2.849934139195392", Units.PlainPrice(1));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("2.849934139195392", 1)]
    [InlineData("2.849934139195393", 2)]
    [InlineData("1", 1)]
    [InlineData("5.7", 3)]
    public void A_price_that_the_contract_does_not_know_becomes_the_next_higher_one(string text, ulong price)
    {
        Assert.True(Units.TryParsePrice(text, out var read));
        Assert.Equal(price, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1.2.3")]
    [InlineData("ten")]
    [InlineData("1,5")]
    [InlineData("0,500")]
    [InlineData("1,0000")]
    [InlineData("1000,000")]
    [InlineData(",100")]
    [InlineData("1,,000")]
    [InlineData("1.000,5")]
    [InlineData("999999999999999999999999999999999999999999999999999999999999999999999")]
    public void What_is_no_amount_is_none(string text) => Assert.False(Units.TryParseTokens(text, out _));

    [Theory]
    [InlineData("1,000", "1000")]
    [InlineData("1,000,000.5", "1000000.5")]
    [InlineData("007", "7")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    public void Groups_of_three_digits_may_be_set_apart(string text, string plain)
    {
        Assert.True(Units.TryParseTokens(text, out var amount));
        Assert.Equal(plain, Units.PlainTokens(amount));
    }

    [Fact]
    public void Amounts_are_read_to_the_last_digit()
    {
        Assert.True(Units.TryParseTokens(" 1,000.000000000000000001 ", out var amount));
        Assert.Equal("1000000000000000000001", $"{amount}");
        Assert.Equal("1000.000000000000000001", Units.PlainTokens(amount));
    }
}
