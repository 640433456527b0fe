using System.Buffers.Binary;
using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>An unsigned 256-bit number, for the contract's amounts of money. Its arithmetic is checked.</summary>
/// <remarks>
/// Immutable, 32 bytes, from 0 to 2^256 − 1; <c>default</c> is 0. An operator whose result is outside of that range
/// throws <see cref="OverflowException"/>: with money a wrong number is worse than none. For numbers that a stranger
/// chose, the <c>Try…</c> methods say so without an exception. No method allocates, except the ones that make text.
/// </remarks>
[TypeConverter(typeof(TextTypeConverter<UInt256>))]
[JsonConverter(typeof(TextJsonConverter<UInt256>))]
public readonly record struct UInt256 : IComparable<UInt256>, ITextForm<UInt256>
{
    private const ulong TenToThe19 = 10_000_000_000_000_000_000;
    private const int MostDecimalDigits = 78;

    // The least significant 64 bits first.
    private readonly ulong _limb0;
    private readonly ulong _limb1;
    private readonly ulong _limb2;
    private readonly ulong _limb3;

    private UInt256(ulong limb0, ulong limb1, ulong limb2, ulong limb3) =>
        (_limb0, _limb1, _limb2, _limb3) = (limb0, limb1, limb2, limb3);

    private UInt128 Low => new(_limb1, _limb0);

    private UInt128 High => new(_limb3, _limb2);

    /// <summary>0.</summary>
    public static UInt256 Zero => default;

    /// <summary>1.</summary>
    public static UInt256 One => 1;

    /// <summary>2^256 − 1.</summary>
    public static UInt256 MaxValue => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    /// <summary>Reads 32 bytes, the most significant one first.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> bytes) => bytes.Length == Bytes32.Size
        ? new UInt256(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes))
        : throw new ArgumentException($"32 bytes are expected, but there are {bytes.Length}.", nameof(bytes));

    /// <summary>Writes 32 bytes, the most significant one first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is shorter than 32 bytes.</exception>
    public void WriteBigEndian(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _limb3);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _limb2);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _limb1);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _limb0);
    }

    /// <summary>Left + right; false, and 0, where that is over 2^256 − 1.</summary>
    public static bool TryAdd(UInt256 left, UInt256 right, out UInt256 sum)
    {
        unchecked
        {
            var limb0 = Sum(left._limb0, right._limb0, 0, out var carry);
            var limb1 = Sum(left._limb1, right._limb1, carry, out carry);
            var limb2 = Sum(left._limb2, right._limb2, carry, out carry);
            var limb3 = Sum(left._limb3, right._limb3, carry, out carry);
            sum = carry == 0 ? new UInt256(limb0, limb1, limb2, limb3) : default;
            return carry == 0;
        }

        static ulong Sum(ulong a, ulong b, ulong carryIn, out ulong carryOut)
        {
            var wide = unchecked((UInt128)a + b + carryIn);
            carryOut = unchecked((ulong)(wide >> 64));
            return unchecked((ulong)wide);
        }
    }

    /// <summary>Left × right; false, and 0, where that is over 2^256 − 1.</summary>
    public static bool TryMultiply(UInt256 left, UInt256 right, out UInt256 product)
    {
        // Schoolbook: one row of partial products for each limb of the right side that is not 0.
        product = default;
        Span<ulong> l = [left._limb0, left._limb1, left._limb2, left._limb3];
        Span<ulong> r = [right._limb0, right._limb1, right._limb2, right._limb3];
        Span<ulong> result = stackalloc ulong[4];
        result.Clear();
        for (var i = 0; i < 4; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < 4 && r[i] != 0; j++)
            {
                if (i + j >= 4)
                {
                    if (l[j] != 0 || carry != 0)
                    {
                        return false;
                    }

                    continue;
                }

                // At most (2^64 − 1)² + 2 (2^64 − 1) = 2^128 − 1: never over.
                var wide = unchecked(((UInt128)l[j] * r[i]) + result[i + j] + carry);
                result[i + j] = unchecked((ulong)wide);
                carry = unchecked((ulong)(wide >> 64));
            }

            if (carry != 0)
            {
                return false;
            }
        }

        product = new UInt256(result[0], result[1], result[2], result[3]);
        return true;
    }

    /// <summary>Left ÷ right, and what remains.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static (UInt256 Quotient, ulong Remainder) DivRem(UInt256 left, ulong right)
    {
        UInt128 rest = left._limb3;
        var limb3 = Divide(ref rest, right, left._limb2);
        var limb2 = Divide(ref rest, right, left._limb1);
        var limb1 = Divide(ref rest, right, left._limb0);
        var (last, remainder) = UInt128.DivRem(rest, right);
        return (new UInt256((ulong)last, limb1, limb2, limb3), (ulong)remainder);

        static ulong Divide(ref UInt128 rest, ulong divisor, ulong next)
        {
            var (quotient, remainder) = UInt128.DivRem(rest, divisor);
            rest = (remainder << 64) | next;
            return (ulong)quotient;
        }
    }

    /// <summary>Reads a decimal number: digits only, without sign, separators or white space.</summary>
    /// <exception cref="FormatException">The text is not such a number, or the number is over 2^256 − 1.</exception>
    public static UInt256 Parse(ReadOnlySpan<char> text) => TryParse(text, out var value)
        ? value
        : throw new FormatException($"'{text}' is not a whole number from 0 to 2^256 - 1.");

    /// <summary>Reads a decimal number; false when the text is not one, or is one over 2^256 − 1.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        var number = Zero;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit)
                || !TryMultiply(number, 10, out number)
                || !TryAdd(number, (ulong)(digit - '0'), out number))
            {
                return false;
            }
        }

        value = number;
        return text.Length > 0;
    }

    /// <inheritdoc/>
    public int CompareTo(UInt256 other)
    {
        var order = _limb3.CompareTo(other._limb3);
        order = order != 0 ? order : _limb2.CompareTo(other._limb2);
        order = order != 0 ? order : _limb1.CompareTo(other._limb1);
        return order != 0 ? order : _limb0.CompareTo(other._limb0);
    }

    /// <summary>The number in decimal digits.</summary>
    public override string ToString()
    {
        Span<char> digits = stackalloc char[MostDecimalDigits];
        return new string(digits[Write(digits)..]);
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        Span<char> digits = stackalloc char[MostDecimalDigits];
        ReadOnlySpan<char> text = digits[Write(digits)..];
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    /// <summary>Every 64-bit number is a 256-bit one.</summary>
    public static implicit operator UInt256(ulong value) => new(value, 0, 0, 0);

    /// <summary>The number as 64 bits.</summary>
    /// <exception cref="OverflowException">The number is over 2^64 − 1.</exception>
    public static explicit operator ulong(UInt256 value) => value <= ulong.MaxValue
        ? value._limb0
        : throw new OverflowException($"{value} is over 2^64 - 1.");

    /// <summary>Left + right.</summary>
    /// <exception cref="OverflowException">The sum is over 2^256 − 1.</exception>
    public static UInt256 operator +(UInt256 left, UInt256 right) => TryAdd(left, right, out var sum)
        ? sum
        : throw new OverflowException($"{left} + {right} is over 2^256 - 1.");

    /// <summary>Left − right.</summary>
    /// <exception cref="OverflowException">The difference is below 0.</exception>
    public static UInt256 operator -(UInt256 left, UInt256 right)
    {
        if (left < right)
        {
            throw new OverflowException($"{left} - {right} is below 0.");
        }

        // Two halves of 128 bits, which wrap; a borrow is needed where the low half came out larger than it was.
        unchecked
        {
            var low = left.Low - right.Low;
            var high = left.High - right.High - (low > left.Low ? UInt128.One : UInt128.Zero);
            return new UInt256((ulong)low, (ulong)(low >> 64), (ulong)high, (ulong)(high >> 64));
        }
    }

    /// <summary>Left × right.</summary>
    /// <exception cref="OverflowException">The product is over 2^256 − 1.</exception>
    public static UInt256 operator *(UInt256 left, UInt256 right) => TryMultiply(left, right, out var product)
        ? product
        : throw new OverflowException($"{left} * {right} is over 2^256 - 1.");

    /// <summary>Left ÷ right, rounded down as the contract does.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    public static UInt256 operator /(UInt256 left, ulong right) => DivRem(left, right).Quotient;

    /// <summary>Whether the left number is smaller.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left number is smaller or the same.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left number is larger.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left number is larger or the same.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    // To the end of the span; where they begin.
    private int Write(Span<char> digits)
    {
        var start = MostDecimalDigits;
        var rest = this;
        while (rest > ulong.MaxValue)
        {
            (rest, var group) = DivRem(rest, TenToThe19);
            start -= 19;
            group.TryFormat(digits[start..], out _, "D19", CultureInfo.InvariantCulture);
        }

        Span<char> first = stackalloc char[20];
        rest._limb0.TryFormat(first, out var length, default, CultureInfo.InvariantCulture);
        first[..length].CopyTo(digits[(start - length)..]);
        return start - length;
    }
}
