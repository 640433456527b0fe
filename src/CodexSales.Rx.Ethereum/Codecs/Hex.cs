using System.Buffers;
using System.Buffers.Text;

namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>
/// The two ways in which JSON-RPC writes numbers and bytes: "0x" and digits of either case, read from UTF-8.
/// </summary>
internal static class Hex
{
    private const int MostQuantityDigits = 16;

    private static ReadOnlySpan<byte> Prefix => "0x"u8;

    /// <summary>Reads exactly as many bytes as the destination holds; false when the text is anything else.</summary>
    public static bool TryReadBytes(ReadOnlySpan<byte> text, Span<byte> destination) =>
        text.Length == Prefix.Length + (2 * destination.Length)
        && text.StartsWith(Prefix)
        && Convert.FromHexString(text[Prefix.Length..], destination, out _, out _) == OperationStatus.Done;

    /// <summary>
    /// Reads what a node says of an address. The case of its letters is a checksum of the chain's own on some chains (EIP-1191),
    /// and is not looked at.
    /// </summary>
    public static bool TryReadAddress(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        var isAddress = text.Length == 2 + (2 * Address.Size)
            && text.StartsWith("0x", StringComparison.Ordinal)
            && Convert.FromHexString(text[2..], bytes, out _, out _) == OperationStatus.Done;
        address = isAddress ? new Address(bytes) : default;
        return isAddress;
    }

    /// <summary>
    /// How many bytes the text stands for; false when it has no "0x" or half a byte. Digits are not looked at.
    /// </summary>
    public static bool TryCountBytes(ReadOnlySpan<byte> text, out int count)
    {
        count = (text.Length - Prefix.Length) / 2;
        return text.StartsWith(Prefix) && text.Length % 2 == 0;
    }

    /// <summary>
    /// Reads a quantity: one digit or more, of at most 64 bits. Leading zeros are let pass: some nodes write them.
    /// </summary>
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

    /// <summary>What is said of a property that should be a quantity and is not.</summary>
    public static string NotAQuantity(string name) =>
        $"'{name}' is not \"0x\" and a hexadecimal number of at most 64 bits.";
}
