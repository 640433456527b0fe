using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Filtering;

/// <summary>A lot that is open, and whether some availability takes it.</summary>
/// <param name="lot">The lot.</param>
/// <param name="number">Unique among those that are open.</param>
internal sealed class FilteredLot(SlotLot lot, long number)
{
    public SlotLot Lot => lot;

    public long Number => number;

    public bool IsTaken { get; set; }
}
