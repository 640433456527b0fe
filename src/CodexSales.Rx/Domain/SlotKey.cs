using System.Globalization;

namespace CodexSales.Rx.Domain;

/// <summary>Names one slot: which request, and which of its slots.</summary>
/// <param name="RequestId">The request that the slot belongs to.</param>
/// <param name="SlotIndex">The slot's place in the request, from 0 to the ask's slots less one.</param>
public readonly record struct SlotKey(RequestId RequestId, ulong SlotIndex)
{
    /// <summary>The id under which the contract keeps this slot. Computed at each call (about a microsecond).</summary>
    public SlotId SlotId => SlotId.Of(RequestId, SlotIndex);

    /// <summary>"0x1234…cdef/3", for people. Not unique.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{RequestId.ToShortString()}/{SlotIndex}");
}
