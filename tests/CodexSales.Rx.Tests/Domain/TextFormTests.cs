using System.ComponentModel;
using System.Text.Json;

namespace CodexSales.Rx.Tests.Domain;

/// <summary>What each value looks like in text, in JSON and in a configuration, and that it can be read back from there.</summary>
public sealed class TextFormTests
{
    private const string Id = "0x00000000000000000000000000000000000000000000000000000000000000aB";

    // From the ERC-55 document.
    private const string Checked = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    [Theory]
    [InlineData("0", "0")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData(
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void An_amount_is_its_decimal_digits(string text, string written) => Check<UInt256>(text, written);

    [Fact]
    public void An_id_is_its_hexadecimal_digits()
    {
        Check<Bytes32>(Id, Id.ToLowerInvariant());
        Check<RequestId>(Id, Id.ToLowerInvariant());
        Check<SlotId>(Id, Id.ToLowerInvariant());
    }

    [Theory]
    [InlineData(Checked)]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    public void An_address_is_its_hexadecimal_digits(string text) => Check<Address>(text, text.ToLowerInvariant());

    [Fact]
    public void A_slot_is_the_id_of_its_request_and_its_place() =>
        Check<SlotKey>($"{Id}/18446744073709551615", $"{Id.ToLowerInvariant()}/18446744073709551615");

    [Fact]
    public void An_availability_is_its_name() => Check<AvailabilityId>("disk 1 ½ 😀", "disk 1 ½ 😀");

    [Fact]
    public void A_moment_is_a_number_in_JSON()
    {
        Check<UnixSeconds>("1767225600", "1767225600", isNumber: true);
        Assert.Equal(new UnixSeconds(5), JsonSerializer.Deserialize<UnixSeconds>("\"5\""));
    }

    [Fact]
    public void An_amount_is_read_from_a_JSON_number_to_the_last_digit() =>
        Assert.Equal(UInt256.Parse("9007199254740993"), JsonSerializer.Deserialize<UInt256>("9007199254740993"));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"-1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1e3\"")]
    [InlineData("1e3")]
    [InlineData("1.0")]
    [InlineData("-1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"")]
    public void An_amount_that_can_not_be_read_is_an_error_and_not_0(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UInt256>(json));

    [Fact]
    public void What_is_no_value_is_an_error_that_says_what_is_expected()
    {
        CheckRefused<Bytes32>("0x12", "64 hexadecimal digits");
        CheckRefused<RequestId>(Id[2..], "64 hexadecimal digits");
        CheckRefused<SlotId>($"{Id}0", "64 hexadecimal digits");
        CheckRefused<Address>("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "40 hexadecimal digits");
        CheckRefused<Address>($"{Checked[..^1]}D", "checksum (ERC-55)");
        CheckRefused<SlotKey>(Id, "\"/\" and a place");
        CheckRefused<SlotKey>($"{Id}/", "\"/\" and a place");
        CheckRefused<SlotKey>($"{Id}/-1", "\"/\" and a place");
        CheckRefused<SlotKey>("/1", "\"/\" and a place");
        CheckRefused<SlotKey>("", "\"/\" and a place");
        CheckRefused<AvailabilityId>(" ", "not empty");
        CheckRefused<AvailabilityId>(new string('a', 101), "at most 100 characters");
        Assert.Throws<FormatException>(() => AvailabilityId.Parse("\ud83d"));
        CheckRefused<UnixSeconds>("-1", "whole number of seconds");
        CheckRefused<UInt256>("0x10", "whole number");
    }

    [Fact]
    public void An_availability_is_written_and_read_as_a_whole()
    {
        var offer = new Availability
        {
            Id = new AvailabilityId("disk 1"),
            TotalBytes = 1UL << 40,
            MaxDurationSeconds = 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = UInt256.MaxValue,
            Until = new UnixSeconds(1_767_225_600),
        };

        Assert.Equal(offer, JsonSerializer.Deserialize<Availability>(JsonSerializer.Serialize(offer)));
    }

    private static void Check<T>(string text, string written, bool isNumber = false)
        where T : struct, ISpanParsable<T>, ISpanFormattable
    {
        var value = T.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(value, T.Parse(text.AsSpan(), null));
        Assert.True(T.TryParse(text, null, out var tried));
        Assert.True(T.TryParse(text.AsSpan(), null, out var triedSpan));
        Assert.Equal((value, value), (tried, triedSpan));

        Assert.Equal(written, value.ToString());
        Assert.Equal(written, value.ToString("G", new NumberFormatInfo { NumberGroupSeparator = "!", NegativeSign = "!" }));
        Assert.Equal($"<{written}>", $"<{value}>");
        Assert.Throws<FormatException>(() => value.ToString("N2", null));
        Span<char> room = new char[written.Length];
        Assert.True(value.TryFormat(room, out var length, default, null));
        Assert.Equal((written, written.Length), (room.ToString(), length));
        Assert.False(value.TryFormat(room[1..], out length, default, null));
        Assert.Equal(0, length);

        var json = JsonSerializer.Serialize(value);
        Assert.Equal(isNumber ? written : JsonSerializer.Serialize(written), json);
        Assert.Equal(value, JsonSerializer.Deserialize<T>(json));
        Assert.Equal(value, TypeDescriptor.GetConverter(typeof(T)).ConvertFromInvariantString(text));
        if (!isNumber)
        {
            var map = JsonSerializer.Serialize(new Dictionary<T, int> { [value] = 1 });
            Assert.Equal($"{{{json}:1}}", map);
            Assert.Equal(value, Assert.Single(JsonSerializer.Deserialize<Dictionary<T, int>>(map)!).Key);
        }
    }

    private static void CheckRefused<T>(string text, string expected)
        where T : struct, ISpanParsable<T>
    {
        Assert.Contains(expected, Assert.Throws<FormatException>(() => T.Parse(text, null)).Message, StringComparison.Ordinal);
        Assert.False(T.TryParse(text, null, out var value));
        Assert.Equal(default, value);
        Assert.False(T.TryParse((string?)null, null, out _));
        var json = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(text)));
        Assert.Contains(expected, json.Message, StringComparison.Ordinal);
    }
}
