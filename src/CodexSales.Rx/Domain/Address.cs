using System.Buffers.Binary;
using System.Globalization;

namespace CodexSales.Rx.Domain;

/// <summary>An Ethereum account or contract: 20 bytes.</summary>
/// <remarks>Immutable. <c>default</c> is the zero address, by which the contract says "nobody".</remarks>
public readonly record struct Address
{
    /// <summary>The size of an address in bytes.</summary>
    public const int Size = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <summary>Reads 20 bytes.</summary>
    /// <exception cref="ArgumentException">The span is not 20 bytes long.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"20 bytes are expected, but there are {bytes.Length}.", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>
    /// Reads "0x" and 40 hexadecimal digits, in upper or lower case; the case is not checked as a checksum.
    /// </summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Address Parse(ReadOnlySpan<char> text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not an address: \"0x\" and 40 hexadecimal digits are expected.");

    /// <summary>Reads "0x" and 40 hexadecimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var isHex = text.Length == 2 + (2 * Size) && text.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(text[2..], bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        address = isHex ? new Address(bytes) : default;
        return isHex;
    }

    /// <summary>Writes the 20 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is shorter than 20 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _third);
    }

    /// <summary>"0x" and 40 lower-case hexadecimal digits.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"0x{_first:x16}{_second:x16}{_third:x8}");
}
