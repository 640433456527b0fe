using System.Buffers.Binary;
using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>The id under which the contract keeps a slot: the Keccak-256 of request id and slot index.</summary>
/// <param name="Value">The 32 bytes.</param>
/// <remarks><c>default</c> is 32 zero bytes: no slot has that id.</remarks>
[TypeConverter(typeof(TextTypeConverter<SlotId>))]
[JsonConverter(typeof(TextJsonConverter<SlotId>))]
public readonly record struct SlotId(Bytes32 Value) : ITextForm<SlotId>
{
    /// <summary>The contract's id of a slot of a request. Costs one Keccak-256 (about a microsecond).</summary>
    /// <remarks>Source: <c>Requests.sol</c>, <c>keccak256(abi.encode(requestId, slotIndex))</c>.</remarks>
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

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        Value.TryFormat(destination, out charsWritten);

    /// <summary>"0x" and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
