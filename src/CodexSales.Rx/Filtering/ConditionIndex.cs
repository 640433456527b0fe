using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Filtering;

/// <summary>Lots in the order of one number that a condition looks at, so that a changed bound concerns only those in between.</summary>
internal sealed class ConditionIndex<T>(Func<SlotTerms, T> valueOf)
    where T : struct, IComparable<T>
{
    private readonly SortedSet<(T Value, long Number)> _order = [];
    private readonly Dictionary<long, SlotLot> _lots = [];

    public void Add(SlotLot lot, long number)
    {
        _order.Add((valueOf(lot.Terms), number));
        _lots.Add(number, lot);
    }

    public void Remove(SlotLot lot, long number)
    {
        _order.Remove((valueOf(lot.Terms), number));
        _lots.Remove(number);
    }

    /// <summary>The lots whose number is between two bounds, both included, whichever is larger. O(log n) and what it finds.</summary>
    public IEnumerable<SlotLot> Between(T left, T right)
    {
        var (low, high) = left.CompareTo(right) <= 0 ? (left, right) : (right, left);
        return _order.GetViewBetween((low, long.MinValue), (high, long.MaxValue)).Select(entry => _lots[entry.Number]);
    }
}
