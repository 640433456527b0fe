using System.Buffers.Text;

namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>Numbers and bytes as JSON-RPC writes them: "0x" and digits of either case, read from UTF-8.</summary>
internal static class Hex
{
    private const int MostQuantityDigits = 16;

    private static ReadOnlySpan<byte> Prefix => "0x"u8;

    /// <summary>Reads exactly as many bytes as the destination holds; false when the text is anything else.</summary>
    public static bool TryReadBytes(ReadOnlySpan<byte> text, Span<byte> destination) =>
        text.Length == Prefix.Length + (2 * destination.Length)
        && text.StartsWith(Prefix)
        && Convert.FromHexString(text[Prefix.Length..], destination, out _, out _) == OperationStatus.Done;

    /// <summary>Reads an address of any case: on some chains it is a checksum of their own (EIP-1191).</summary>
    public static bool TryReadAddress(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        var isAddress = text.Length == 2 + (2 * Address.Size)
            && text.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(text[2..], bytes, out _, out _) == OperationStatus.Done;
        address = isAddress ? new Address(bytes) : default;
        return isAddress;
    }

    /// <summary>The number of bytes in a text; false without "0x" or with half a byte. Does not check digits.</summary>
    public static bool TryCountBytes(ReadOnlySpan<byte> text, out int count)
    {
        count = (text.Length - Prefix.Length) / 2;
        return text.StartsWith(Prefix) && text.Length % 2 == 0;
    }

    /// <summary>Reads a quantity of at most 64 bits. Some nodes write leading zeros.</summary>
    public static bool TryReadQuantity(ReadOnlySpan<byte> text, out ulong quantity)
    {
        quantity = 0;
        var digits = text.StartsWith(Prefix) ? text[Prefix.Length..] : default;
        if (digits.Length > MostQuantityDigits)
        {
            digits = digits.TrimStart((byte)'0');
        }

        return digits.Length is >= 1 and <= MostQuantityDigits
            && Utf8Parser.TryParse(digits, out quantity, out var read, standardFormat: 'x')
            && read == digits.Length;
    }

    /// <summary>Takes a value of JSON, and leaves the reader behind it; null when it is no quantity.</summary>
    public static ulong? TakeQuantity(ref Utf8JsonReader json)
    {
        var quantity = 0UL;
        var isQuantity = json.TokenType == JsonTokenType.String && TryReadQuantity(json.ValueSpan, out quantity);
        json.Skip();
        return isQuantity ? quantity : null;
    }

    /// <summary>Takes a value of JSON, and leaves the reader behind it; null when it is no hash.</summary>
    public static Bytes32? TakeHash(ref Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        var isHash = json.TokenType == JsonTokenType.String && TryReadBytes(json.ValueSpan, bytes);
        json.Skip();
        return isHash ? new Bytes32(bytes) : null;
    }

    public static string NotAQuantity(string name) =>
        $"'{name}' is not \"0x\" and a hexadecimal number of at most 64 bits.";
}
