namespace CodexSales.Rx.Tests.Domain;

public sealed class Bytes32Tests
{
    private const string Text = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

    [Fact]
    public void Bytes_text_and_value_are_the_same_thing()
    {
        byte[] bytes = [.. Enumerable.Range(0, 31).Select(i => (byte)i), 0xff];
        var value = new Bytes32(bytes);
        var copy = new byte[32];

        value.CopyTo(copy);

        Assert.Equal(bytes, copy);
        Assert.Equal(Text, value.ToString());
        Assert.Equal(value, Bytes32.Parse(Text));
        Assert.Equal(value.GetHashCode(), Bytes32.Parse(Text).GetHashCode());
    }

    [Fact]
    public void Drawn_values_go_to_text_and_back()
    {
        var random = new Random(1);
        var bytes = new byte[32];
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            var value = new Bytes32(bytes);

            Assert.Equal("0x" + Convert.ToHexStringLower(bytes), value.ToString());
            Assert.Equal(value, Bytes32.Parse(value.ToString()));
        }
    }

    [Fact]
    public void The_case_of_digits_does_not_matter() =>
        Assert.Equal(Bytes32.Parse(Text), Bytes32.Parse("0x" + Text[2..].ToUpperInvariant()));

    [Fact]
    public void Every_byte_takes_part_in_equality_and_order()
    {
        Bytes32 zero = default;
        for (var at = 0; at < 32; at++)
        {
            var bytes = new byte[32];
            bytes[at] = 1;
            var larger = new Bytes32(bytes);

            Assert.NotEqual(zero, larger);
            Assert.Equal((-1, 1), (zero.CompareTo(larger), larger.CompareTo(zero)));
        }
    }

    [Fact]
    public void An_earlier_byte_outweighs_all_later_ones() => Assert.Equal(
        1, Bytes32.Parse("0x01" + new string('0', 62)).CompareTo(Bytes32.Parse("0x00" + new string('f', 62))));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x00")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff")]
    [InlineData("0X000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1ef")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff0")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff00")]
    [InlineData("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1efg")]
    [InlineData(" 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1ef")]
    public void Other_text_is_refused(string text)
    {
        Assert.False(Bytes32.TryParse(text, out var value));
        Assert.Equal(default, value);
        Assert.Throws<FormatException>(() => Bytes32.Parse(text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Other_than_32_bytes_are_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new Bytes32(new byte[length]));

    [Fact]
    public void The_short_form_shows_both_ends() => Assert.Equal("0x0001…1eff", Bytes32.Parse(Text).ToShortString());
}
