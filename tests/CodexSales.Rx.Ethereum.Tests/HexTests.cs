using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Codecs;

namespace CodexSales.Rx.Ethereum.Tests;

public sealed class HexTests
{
    [Theory]
    [InlineData("0x0", 0)]
    [InlineData("0x1", 1)]
    [InlineData("0xaF", 0xaf)]
    [InlineData("0x6b029d77", 0x6b029d77)]
    [InlineData("0x00", 0)]
    [InlineData("0x01", 1)]
    [InlineData("0x000000000000000000000000000000000000000000000000ffffffffffffffff", ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    public void A_quantity_is_read(string text, ulong expected)
    {
        Assert.True(Hex.TryReadQuantity(Encoding.UTF8.GetBytes(text), out var quantity));
        Assert.Equal(expected, quantity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0x")]
    [InlineData("0X1")]
    [InlineData("x1")]
    [InlineData("12")]
    [InlineData("0x-1")]
    [InlineData("0x+1")]
    [InlineData("0x 1")]
    [InlineData("0x1 ")]
    [InlineData("0xg")]
    [InlineData("0x1\0")]
    [InlineData("0x10000000000000000")]
    [InlineData("0x00010000000000000000")]
    public void Other_text_is_no_quantity(string text) =>
        Assert.False(Hex.TryReadQuantity(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("0x00ff", true)]
    [InlineData("0x00Ff", true)]
    [InlineData("0X00ff", false)]
    [InlineData("00ff", false)]
    [InlineData("0x00f", false)]
    [InlineData("0x00fff", false)]
    [InlineData("0x00fff0", false)]
    [InlineData("0x00fg", false)]
    [InlineData("0x00f ", false)]
    [InlineData("", false)]
    public void Two_bytes_are_read_from_four_digits_and_nothing_else(string text, bool isRead)
    {
        var bytes = new byte[2];

        Assert.Equal(isRead, Hex.TryReadBytes(Encoding.UTF8.GetBytes(text), bytes));
        Assert.True(!isRead || bytes is [0x00, 0xff]);
    }

    // Rootstock's nodes write the checksum of EIP-1191, in which the id of the chain has part.
    [Theory]
    [InlineData("0x27b1FdB04752BBc536007A920D24ACB045561c26", true)]
    [InlineData("0x27B1FDB04752bbc536007a920d24acb045561C26", true)]
    [InlineData("0x27b1FdB04752BBc536007A920D24ACB045561c2", false)]
    [InlineData("27b1FdB04752BBc536007A920D24ACB045561c2600", false)]
    public void The_address_that_a_node_names_is_read_whatever_the_case_of_its_letters(string text, bool isRead)
    {
        Assert.Equal(isRead, Hex.TryReadAddress(text, out var address));
        Assert.Equal(isRead ? "0x27b1fdb04752bbc536007a920d24acb045561c26" : $"{default(Address)}", address.ToString());
    }
}
