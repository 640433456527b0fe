using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Filtering;

/// <summary>Lots in the order of one number that a condition looks at, so that a changed bound concerns only those in between.</summary>
internal sealed class ConditionIndex<T>(Func<SlotTerms, T> valueOf)
    where T : struct, IComparable<T>
{
    private readonly SortedSet<Entry> _order = new(Entry.Order);

    public void Add(SlotLot lot, long number) => _order.Add(new Entry(valueOf(lot.Terms), number, lot));

    public void Remove(SlotLot lot, long number) => _order.Remove(new Entry(valueOf(lot.Terms), number, lot));

    /// <summary>
    /// The lots whose number is between two bounds, both included, whichever is larger. O(log n) and what it finds.
    /// </summary>
    public IEnumerable<SlotLot> Between(T left, T right)
    {
        var (low, high) = left.CompareTo(right) <= 0 ? (left, right) : (right, left);
        return _order
            .GetViewBetween(new Entry(low, long.MinValue, null), new Entry(high, long.MaxValue, null))
            .Select(entry => entry.Lot!); // Only bounds have none.
    }

    private readonly record struct Entry(T Value, long Number, SlotLot? Lot)
    {
        public static readonly Comparer<Entry> Order = Comparer<Entry>.Create((left, right) =>
            left.Value.CompareTo(right.Value) is not 0 and var order ? order : left.Number.CompareTo(right.Number));
    }
}
