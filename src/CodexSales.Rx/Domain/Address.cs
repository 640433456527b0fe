using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Text;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>An Ethereum account or contract: 20 bytes.</summary>
/// <remarks>Immutable. <c>default</c> is the zero address, by which the contract says "nobody".</remarks>
[TypeConverter(typeof(TextTypeConverter<Address>))]
[JsonConverter(typeof(TextJsonConverter<Address>))]
public readonly record struct Address : ITextForm<Address>
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

    /// <summary>Reads "0x" and 40 hexadecimal digits. Letters of mixed case are a checksum that must be right. Source:
    /// ERC-55.</summary>
    /// <exception cref="FormatException">The text has another form, or a wrong checksum.</exception>
    public static Address Parse(ReadOnlySpan<char> text) => TryRead(text, out var address) switch
    {
        null => throw new FormatException($"'{text}' is not an address: \"0x\" and 40 hexadecimal digits are expected."),
        false => throw new FormatException(
            $"'{text}' is not an address: the case of its letters is not its checksum (ERC-55); a digit is wrong, or it was typed."),
        true => address,
    };

    /// <summary>Reads what <see cref="Parse(ReadOnlySpan{char})"/> reads; false for any other text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address) => TryRead(text, out address) is true;

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"0x{_first:x16}{_second:x16}{_third:x8}", out charsWritten);

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

    // Null for another form, false for a wrong checksum.
    private static bool? TryRead(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        address = default;
        if (text.Length != 2 + (2 * Size) || !text.StartsWith("0x", StringComparison.Ordinal)
            || Convert.FromHexString(text[2..], bytes, out _, out _) != OperationStatus.Done)
        {
            return null;
        }

        if (!IsChecksumRight(text[2..]))
        {
            return false;
        }

        address = new Address(bytes);
        return true;
    }

    private static bool IsChecksumRight(ReadOnlySpan<char> digits)
    {
        if (!digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F'))
        {
            return true;
        }

        Span<byte> lower = stackalloc byte[2 * Size];
        Ascii.ToLower(digits, lower, out _);
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(lower).CopyTo(hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var isUpper = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf) >= 8;
            if (char.IsAsciiLetter(digits[i]) && char.IsAsciiLetterUpper(digits[i]) != isUpper)
            {
                return false;
            }
        }

        return true;
    }
}
