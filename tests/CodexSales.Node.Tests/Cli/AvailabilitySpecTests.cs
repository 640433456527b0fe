using CodexSales.Node.Cli;
using CodexSales.Rx.Domain;

namespace CodexSales.Node.Tests.Cli;

public sealed class AvailabilitySpecTests
{
    private const string Keys = "size, duration, price, collateral, until, enabled, id";
    private const string NotASize =
        "a whole number of bytes, or one with a unit out of B, KiB, MiB, GiB, TiB, is expected.";
    private const string NotADuration = "a whole number of seconds, or one with a unit out of s, m, h, d, is expected.";
    private const string NotAnAmount = "a whole number from 0 to 2^256 - 1 is expected.";
    private const string NotAMoment = "a whole number of Unix seconds from 0 to 2^64 - 1, or none, is expected.";
    private const string Max256 = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    private const string Over256 = "115792089237316195423570985008687907853269984665640564039457584007913129639936";

    [Fact]
    public void What_is_needed_is_enough()
    {
        Assert.Equal(
            new Availability
            {
                Id = new AvailabilityId("v3"),
                TotalBytes = 8UL << 30,
                MaxDurationSeconds = 30 * 24 * 60 * 60,
                MinPricePerBytePerSecond = 1,
                TotalCollateral = 1_000_000,
            },
            Parse("size=8GiB,duration=30d,price=1,collateral=1000000", position: 3));
    }

    [Fact]
    public void All_keys_are_taken_in_any_order()
    {
        Assert.Equal(
            new Availability
            {
                Id = new AvailabilityId("my disk=1"),
                TotalBytes = 5,
                MaxDurationSeconds = 7,
                MinPricePerBytePerSecond = UInt256.MaxValue,
                TotalCollateral = 0,
                IsDisabled = true,
                Until = new UnixSeconds(1_900_000_000),
            },
            Parse($"id=my disk=1,enabled=false,until=1900000000,collateral=0,price={Max256},duration=7,size=5"));
    }

    [Theory]
    [InlineData("1", 1UL)]
    [InlineData("007", 7UL)]
    [InlineData("1B", 1UL)]
    [InlineData("3KiB", 3UL << 10)]
    [InlineData("3MiB", 3UL << 20)]
    [InlineData("3GiB", 3UL << 30)]
    [InlineData("3TiB", 3UL << 40)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("16777215TiB", 16777215UL << 40)]
    public void A_size_is_in_bytes_or_in_its_unit(string text, ulong bytes) =>
        Assert.Equal(bytes, Parse($"size={text},duration=1,price=1,collateral=1").TotalBytes);

    [Theory]
    [InlineData("90", 90UL)]
    [InlineData("90s", 90UL)]
    [InlineData("90m", 5_400UL)]
    [InlineData("2h", 7_200UL)]
    [InlineData("2d", 172_800UL)]
    [InlineData("213503982334601d", 18_446_744_073_709_526_400UL)]
    public void A_duration_is_in_seconds_or_in_its_unit(string text, ulong seconds) =>
        Assert.Equal(seconds, Parse($"size=1,duration={text},price=1,collateral=1").MaxDurationSeconds);

    [Fact]
    public void Enabled_may_be_said_aloud() =>
        Assert.False(Parse("size=1,duration=1,price=1,collateral=1,enabled=true").IsDisabled);

    [Theory]
    [InlineData("-8GiB", NotASize)]
    [InlineData("+8GiB", NotASize)]
    [InlineData("1.5GiB", NotASize)]
    [InlineData("8 GiB", NotASize)]
    [InlineData("8GB", NotASize)]
    [InlineData("8gib", NotASize)]
    [InlineData("0x8", NotASize)]
    [InlineData("GiB", NotASize)]
    [InlineData("", NotASize)]
    [InlineData("8GiB8", NotASize)]
    [InlineData("٨", NotASize)]
    [InlineData("18446744073709551616", "at most 18446744073709551615 bytes are expected.")]
    [InlineData("16777216TiB", "at most 18446744073709551615 bytes are expected.")]
    [InlineData("99999999999999999999999TiB", "at most 18446744073709551615 bytes are expected.")]
    public void Another_size_is_refused(string text, string expected) => AssertError(
        $"size={text},duration=1,price=1,collateral=1", $"--availability: size is '{text}', but {expected}");

    [Theory]
    [InlineData("-1d", NotADuration)]
    [InlineData("0.5d", NotADuration)]
    [InlineData("1w", NotADuration)]
    [InlineData("1D", NotADuration)]
    [InlineData("1d12h", NotADuration)]
    [InlineData("", NotADuration)]
    [InlineData("213503982334602d", "at most 18446744073709551615 seconds are expected.")]
    public void Another_duration_is_refused(string text, string expected) => AssertError(
        $"size=1,duration={text},price=1,collateral=1", $"--availability: duration is '{text}', but {expected}");

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e6")]
    [InlineData("0x1")]
    [InlineData("")]
    [InlineData(Over256)]
    public void Another_amount_is_refused(string text)
    {
        AssertError(
            $"size=1,duration=1,price={text},collateral=1",
            $"--availability: price is '{text}', but {NotAnAmount}");
        AssertError(
            $"size=1,duration=1,price=1,collateral={text}",
            $"--availability: collateral is '{text}', but {NotAnAmount}");
    }

    [Theory]
    [InlineData("until", "-1", NotAMoment)]
    [InlineData("until", "tomorrow", NotAMoment)]
    [InlineData("until", "", NotAMoment)]
    [InlineData("until", "1.5", NotAMoment)]
    [InlineData("until", "18446744073709551616", NotAMoment)]
    [InlineData("enabled", "yes", "true or false is expected.")]
    [InlineData("enabled", "False", "true or false is expected.")]
    [InlineData("enabled", "", "true or false is expected.")]
    [InlineData("id", "", "a name of 1 to 100 characters is expected.")]
    [InlineData("id", " ", "a name of 1 to 100 characters is expected.")]
    public void Another_value_of_what_may_be_left_out_is_refused(string key, string value, string expected) =>
        AssertError(
            $"size=1,duration=1,price=1,collateral=1,{key}={value}",
            $"--availability: {key} is '{value}', but {expected}");

    [Fact]
    public void A_name_that_is_too_long_is_refused()
    {
        var name = new string('n', 101);

        AssertError(
            $"size=1,duration=1,price=1,collateral=1,id={name}",
            $"--availability: id is '{name}', but a name of 1 to 100 characters is expected.");
    }

    [Theory]
    [InlineData("sise=1")]
    [InlineData("Size=1")]
    [InlineData(" size=1")]
    [InlineData("size")]
    [InlineData("=1")]
    [InlineData("")]
    public void What_is_no_known_key_with_a_value_is_refused(string part) => AssertError(
        $"{part},duration=1,price=1,collateral=1",
        $"--availability: '{part}' is given, but KEY=VALUE is expected with a key out of {Keys}.");

    [Fact]
    public void A_comma_at_the_end_is_refused() => AssertError(
        "size=1,duration=1,price=1,collateral=1,",
        $"--availability: '' is given, but KEY=VALUE is expected with a key out of {Keys}.");

    [Fact]
    public void A_key_that_is_there_twice_is_refused() => AssertError(
        "size=1,duration=1,price=1,collateral=1,size=2",
        "--availability: 'size=2' is given, but size is expected only once and is '1' already.");

    [Theory]
    [InlineData("duration=1,price=1,collateral=1", "size")]
    [InlineData("size=1,price=1,collateral=1", "duration")]
    [InlineData("size=1,duration=1,collateral=1", "price")]
    [InlineData("size=1,duration=1,price=1", "collateral")]
    [InlineData("id=v1", "size")]
    public void A_key_that_is_needed_is_missed(string text, string missing) => AssertError(
        text, $"--availability: '{text}' is given, but {missing} is expected in it, too.");

    [Fact]
    public void Of_several_wrong_values_the_first_is_told() => AssertError(
        "price=x,size=y,duration=1,collateral=1", $"--availability: size is 'y', but {NotASize}");

    private static Availability Parse(string text, int position = 1)
    {
        Assert.True(AvailabilitySpec.TryParse(text, position, needsId: false, out var availability, out var error), error);
        Assert.Null(error);
        return availability;
    }

    private static void AssertError(string text, string expected)
    {
        Assert.False(AvailabilitySpec.TryParse(text, 1, needsId: false, out var availability, out var error));
        Assert.Equal(expected, error);
        Assert.Null(availability);
    }
}
