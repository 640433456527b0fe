using System.Numerics;

namespace CodexSales.Rx.Tests.Domain;

/// <summary>256-bit arithmetic against <see cref="BigInteger"/>.</summary>
public sealed class UInt256Tests
{
    private const int Drawn = 20_000;

    [Fact]
    public void Sums_are_those_of_BigInteger_and_never_wrap() => ForEachPair(seed: 1, (left, right) =>
    {
        var exact = left + right;
        var fits = UInt256.TryAdd(Number(left), Number(right), out var sum);

        Assert.Equal(exact < UInt256Samples.Modulus, fits);
        Assert.Equal(fits ? exact : 0, Big(sum));
        AssertOperator(fits, exact, () => Number(left) + Number(right));
    });

    [Fact]
    public void Differences_are_those_of_BigInteger_and_never_wrap() => ForEachPair(seed: 2, (left, right) =>
        AssertOperator(left >= right, left - right, () => Number(left) - Number(right)));

    [Fact]
    public void Products_are_those_of_BigInteger_and_never_wrap() => ForEachPair(seed: 3, (left, right) =>
    {
        var exact = left * right;
        var fits = UInt256.TryMultiply(Number(left), Number(right), out var product);

        Assert.Equal(exact < UInt256Samples.Modulus, fits);
        Assert.Equal(fits ? exact : 0, Big(product));
        AssertOperator(fits, exact, () => Number(left) * Number(right));
    });

    [Fact]
    public void Quotients_and_remainders_are_those_of_BigInteger() => ForEachPair(seed: 4, (left, right) =>
    {
        var divisor = (ulong)(right & ulong.MaxValue);
        if (divisor == 0)
        {
            Assert.Throws<DivideByZeroException>(() => UInt256.DivRem(Number(left), divisor));
            return;
        }

        var (quotient, remainder) = UInt256.DivRem(Number(left), divisor);

        Assert.Equal(BigInteger.DivRem(left, divisor, out var exactRemainder), Big(quotient));
        Assert.Equal(exactRemainder, remainder);
        Assert.Equal(quotient, Number(left) / divisor);
    });

    [Fact]
    public void The_order_is_that_of_BigInteger() => ForEachPair(seed: 5, (left, right) =>
    {
        var (l, r) = (Number(left), Number(right));

        Assert.Equal(Math.Sign(left.CompareTo(right)), Math.Sign(l.CompareTo(r)));
        Assert.Equal(left < right, l < r);
        Assert.Equal(left <= right, l <= r);
        Assert.Equal(left > right, l > r);
        Assert.Equal(left >= right, l >= r);
        Assert.Equal(left == right, l == r);
        Assert.True(left != right || l.GetHashCode() == r.GetHashCode());
    });

    [Fact]
    public void Text_goes_there_and_back() => ForEachPair(seed: 6, (number, _) =>
    {
        var text = number.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(text, Number(number).ToString());
        Assert.Equal(Number(number), UInt256.Parse(text));
    });

    [Fact]
    public void Big_endian_bytes_go_there_and_back() => ForEachPair(seed: 7, (number, _) =>
    {
        Span<byte> bytes = stackalloc byte[32];

        Number(number).WriteBigEndian(bytes);

        Assert.Equal(number, new BigInteger(bytes, isUnsigned: true, isBigEndian: true));
    });

    [Fact]
    public void Only_numbers_below_2_to_the_64_become_64_bit_ones() => ForEachPair(seed: 8, (number, _) =>
    {
        if (number <= ulong.MaxValue)
        {
            Assert.Equal((ulong)number, (ulong)Number(number));
            Assert.Equal(Number(number), (ulong)number);
        }
        else
        {
            Assert.Throws<OverflowException>(() => (ulong)Number(number));
        }
    });

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("١")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("999999999999999999999999999999999999999999999999999999999999999999999999999999")]
    [InlineData("1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Text_that_is_no_such_number_is_refused(string text)
    {
        Assert.False(UInt256.TryParse(text, out var value));
        Assert.Equal(UInt256.Zero, value);
        Assert.Throws<FormatException>(() => UInt256.Parse(text));
    }

    [Fact]
    public void Leading_zeros_of_decimal_text_count_for_nothing() =>
        Assert.Equal<UInt256>(7, UInt256.Parse(new string('0', 200) + "7"));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Other_than_32_bytes_are_refused(int length) =>
        Assert.Throws<ArgumentException>(() => UInt256.FromBigEndian(new byte[length]));

    [Fact]
    public void The_named_numbers_are_what_they_say()
    {
        Assert.Equal(BigInteger.Zero, Big(UInt256.Zero));
        Assert.Equal(BigInteger.One, Big(UInt256.One));
        Assert.Equal(UInt256Samples.Modulus - 1, Big(UInt256.MaxValue));
        Assert.Equal(UInt256.Zero, default);
    }

    private static void ForEachPair(int seed, Action<BigInteger, BigInteger> check)
    {
        foreach (var (left, right) in UInt256Samples.Pairs(seed, Drawn))
        {
            check(left, right);
        }
    }

    // Throwing is slow: of the results that do not fit, the operator is asked once in a while.
    private static void AssertOperator(bool fits, BigInteger exact, Func<UInt256> compute)
    {
        if (fits)
        {
            Assert.Equal(exact, Big(compute()));
        }
        else if ((exact & 15) == 0)
        {
            Assert.Throws<OverflowException>(() => compute());
        }
    }

    private static UInt256 Number(BigInteger value) => UInt256Samples.ToUInt256(value);

    private static BigInteger Big(UInt256 value) => BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
