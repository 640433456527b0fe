using System.Buffers.Binary;
using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>A 32-byte value of the contract (<c>bytes32</c>), compared and printed in big-endian order.</summary>
/// <remarks>
/// Immutable and 32 bytes in size. <c>default</c> is the value of 32 zero bytes and is valid. The hash code is seeded
/// anew in every process, so nobody can choose values that collide.
/// </remarks>
[TypeConverter(typeof(TextTypeConverter<Bytes32>))]
[JsonConverter(typeof(TextJsonConverter<Bytes32>))]
public readonly record struct Bytes32 : IComparable<Bytes32>, ITextForm<Bytes32>
{
    /// <summary>The size of the value in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>Reads 32 bytes, the most significant one first.</summary>
    /// <param name="bigEndian">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public Bytes32(ReadOnlySpan<byte> bigEndian)
    {
        if (bigEndian.Length != Size)
        {
            throw new ArgumentException($"32 bytes are expected, but there are {bigEndian.Length}.", nameof(bigEndian));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bigEndian);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bigEndian[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bigEndian[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bigEndian[24..]);
    }

    /// <summary>Reads "0x" and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Bytes32 Parse(ReadOnlySpan<char> text) => TryParse(text, out var value)
        ? value
        : throw new FormatException($"'{text}' is not a 32-byte value: \"0x\" and 64 hexadecimal digits are expected.");

    /// <summary>Reads "0x" and 64 hexadecimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var isHex = text.Length == 2 + (2 * Size) && text.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(text[2..], bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        value = isHex ? new Bytes32(bytes) : default;
        return isHex;
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"0x{_first:x16}{_second:x16}{_third:x16}{_fourth:x16}", out charsWritten);

    /// <summary>Writes the 32 bytes, the most significant one first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>The order of the values as unsigned big-endian numbers.</summary>
    public int CompareTo(Bytes32 other) =>
        (_first, _second, _third, _fourth).CompareTo((other._first, other._second, other._third, other._fourth));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _fourth);

    /// <summary>"0x" and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"0x{_first:x16}{_second:x16}{_third:x16}{_fourth:x16}");

    /// <summary>The first and last four digits, for people: "0x1234…cdef". Not unique.</summary>
    public string ToShortString() =>
        string.Create(CultureInfo.InvariantCulture, $"0x{_first >> 48:x4}…{_fourth & 0xffff:x4}");
}
