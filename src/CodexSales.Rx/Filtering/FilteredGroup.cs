using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Filtering;

/// <summary>A group that is open, and whether some availability takes it.</summary>
internal sealed class FilteredGroup(SlotGroup group, long number)
{
    public SlotGroup Group => group;

    public long Number => number;

    public bool IsTaken { get; set; }
}
