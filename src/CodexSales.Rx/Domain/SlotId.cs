using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>The id under which the contract keeps a slot: the Keccak-256 of request id and slot index.</summary>
/// <param name="Value">The 32 bytes.</param>
/// <remarks><c>default</c> is 32 zero bytes: no slot has that id.</remarks>
[TypeConverter(typeof(TextTypeConverter<SlotId>))]
[JsonConverter(typeof(TextJsonConverter<SlotId>))]
public readonly record struct SlotId(Bytes32 Value) : ISpanParsable<SlotId>, ISpanFormattable
{
    /// <summary>
    /// The id that the contract gives to a slot of a request. Costs one Keccak-256 (about a microsecond).
    /// </summary>
    /// <remarks>
    /// Source: <c>Requests.sol</c> <c>slotId</c> = <c>keccak256(abi.encode(requestId, slotIndex))</c>.
    /// </remarks>
    public static SlotId Of(RequestId request, ulong slotIndex)
    {
        Span<byte> encoded = stackalloc byte[64];
        encoded.Clear();
        request.Value.CopyTo(encoded);
        BinaryPrimitives.WriteUInt64BigEndian(encoded[56..], slotIndex);
        return new SlotId(Keccak256.Hash(encoded));
    }

    /// <summary>Reads "0x" and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static SlotId Parse(ReadOnlySpan<char> text) => new(Bytes32.Parse(text));

    /// <summary>Reads "0x" and 64 hexadecimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SlotId id)
    {
        var isId = Bytes32.TryParse(text, out var value);
        id = new SlotId(value);
        return isId;
    }

    /// <inheritdoc/>
    public static SlotId Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static SlotId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SlotId result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out SlotId result) => TryParse(s, out result);

    /// <summary>The same text, whatever the culture.</summary>
    /// <exception cref="FormatException">A format other than "G" is named.</exception>
    public string ToString(string? format, IFormatProvider? formatProvider) => TextForm.OnlyGeneral(format, ToString());

    /// <inheritdoc/>
    /// <exception cref="FormatException">A format other than "G" is named.</exception>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, format, provider);

    /// <summary>"0x" and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
