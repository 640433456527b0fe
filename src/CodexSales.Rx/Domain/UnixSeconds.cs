using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>A moment on the chain: whole seconds since 1970-01-01 UTC, as block timestamps count them.</summary>
/// <param name="Value">Seconds, from 0 to 2^64 − 1. A client may ask for any of them.</param>
[TypeConverter(typeof(TextTypeConverter<UnixSeconds>))]
[JsonConverter(typeof(UnixSecondsJsonConverter))]
public readonly record struct UnixSeconds(ulong Value) : IComparable<UnixSeconds>, ITextForm<UnixSeconds>
{
    /// <summary>The last moment that the chain can name.</summary>
    public static readonly UnixSeconds MaxValue = new(ulong.MaxValue);

    /// <summary>The last whole second at or before a moment of a scheduler's clock; 1970 for earlier ones.</summary>
    public static UnixSeconds From(DateTimeOffset moment) => new((ulong)Math.Max(0, moment.ToUnixTimeSeconds()));

    /// <summary>Reads a number of seconds in decimal digits.</summary>
    /// <exception cref="FormatException">The text is not such a number, or the number is over 2^64 − 1.</exception>
    public static UnixSeconds Parse(ReadOnlySpan<char> text) => TryParse(text, out var moment)
        ? moment
        : throw new FormatException($"'{text}' is not a whole number of seconds since 1970, from 0 to 2^64 - 1.");

    /// <summary>Reads a number of seconds in decimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UnixSeconds moment)
    {
        var isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        moment = new UnixSeconds(value);
        return isNumber;
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        Value.TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture);

    /// <summary>The moment so many seconds later, or <see cref="MaxValue"/> where the sum is beyond it.</summary>
    public UnixSeconds Plus(ulong seconds) => Value > ulong.MaxValue - seconds ? MaxValue : new(Value + seconds);

    /// <summary>The seconds from another moment to this one; 0 when it is not later.</summary>
    public ulong SecondsSince(UnixSeconds earlier) => Value > earlier.Value ? Value - earlier.Value : 0;

    /// <inheritdoc/>
    public int CompareTo(UnixSeconds other) => Value.CompareTo(other.Value);

    /// <summary>The number of seconds.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the left moment is earlier.</summary>
    public static bool operator <(UnixSeconds left, UnixSeconds right) => left.Value < right.Value;

    /// <summary>Whether the left moment is earlier or the same.</summary>
    public static bool operator <=(UnixSeconds left, UnixSeconds right) => left.Value <= right.Value;

    /// <summary>Whether the left moment is later.</summary>
    public static bool operator >(UnixSeconds left, UnixSeconds right) => left.Value > right.Value;

    /// <summary>Whether the left moment is later or the same.</summary>
    public static bool operator >=(UnixSeconds left, UnixSeconds right) => left.Value >= right.Value;
}
