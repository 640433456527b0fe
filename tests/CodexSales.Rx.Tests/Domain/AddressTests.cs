namespace CodexSales.Rx.Tests.Domain;

public sealed class AddressTests
{
    private const string Checksummed = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    [Fact]
    public void Text_of_any_case_goes_to_lower_case() =>
        Assert.Equal("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", Address.Parse(Checksummed).ToString());

    [Fact]
    public void Drawn_values_go_to_bytes_and_text_and_back()
    {
        var random = new Random(1);
        var (bytes, copy) = (new byte[20], new byte[20]);
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            var address = new Address(bytes);
            address.CopyTo(copy);

            Assert.Equal(bytes, copy);
            Assert.Equal("0x" + Convert.ToHexStringLower(bytes), address.ToString());
            Assert.Equal(address, Address.Parse(address.ToString()));
        }
    }

    [Fact]
    public void Every_byte_takes_part_in_equality()
    {
        for (var at = 0; at < 20; at++)
        {
            var bytes = new byte[20];
            bytes[at] = 1;

            Assert.NotEqual(default, new Address(bytes));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData("0Xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb9226")]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb922666")]
    [InlineData("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb9226x")]
    [InlineData("0x000000000000000000000000f39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    public void Other_text_is_refused(string text)
    {
        Assert.False(Address.TryParse(text, out var address));
        Assert.Equal(default, address);
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    [InlineData(32)]
    public void Other_than_20_bytes_are_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new Address(new byte[length]));
}
