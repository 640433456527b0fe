using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>Names one slot: which request, and which of its slots.</summary>
/// <param name="RequestId">The request that the slot belongs to.</param>
/// <param name="SlotIndex">The slot's place in the request, from 0 to the ask's slots less one.</param>
[TypeConverter(typeof(TextTypeConverter<SlotKey>))]
[JsonConverter(typeof(TextJsonConverter<SlotKey>))]
public readonly record struct SlotKey(RequestId RequestId, ulong SlotIndex) : ITextForm<SlotKey>
{
    /// <summary>The id under which the contract keeps this slot. Computed at each call (about a microsecond).</summary>
    public SlotId SlotId => SlotId.Of(RequestId, SlotIndex);

    /// <summary>Reads the id of a request, "/", and a place in decimal digits.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static SlotKey Parse(ReadOnlySpan<char> text) => TryParse(text, out var slot)
        ? slot
        : throw new FormatException(
            $"'{text}' is not a slot: the id of a request (\"0x\" and 64 hexadecimal digits), \"/\" and a place are expected.");

    /// <summary>Reads the id of a request, "/", and a place in decimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SlotKey slot)
    {
        var border = Math.Max(0, text.IndexOf('/'));
        var isSlot = RequestId.TryParse(text[..border], out var request)
            & ulong.TryParse(text[Math.Min(border + 1, text.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        slot = isSlot ? new SlotKey(request, index) : default;
        return isSlot;
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{RequestId}/{SlotIndex}", out charsWritten);

    /// <summary>The whole id of the request, "/", and the place: it can be read again.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RequestId}/{SlotIndex}");

    /// <summary>"0x1234…cdef/3", for people. Not unique.</summary>
    public string ToShortString() =>
        string.Create(CultureInfo.InvariantCulture, $"{RequestId.ToShortString()}/{SlotIndex}");
}
