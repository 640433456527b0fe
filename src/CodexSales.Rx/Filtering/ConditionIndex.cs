using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Filtering;

/// <summary>
/// Lots in the order of one number that a condition looks at, so that a changed bound concerns only those in between.
/// </summary>
internal sealed class ConditionIndex<T>(Func<SlotTerms, T> valueOf)
    where T : struct, IComparable<T>
{
    private readonly OrderedTree<FilteredLot> _order = new(Comparer<FilteredLot>.Create((left, right) =>
        valueOf(left.Lot.Terms).CompareTo(valueOf(right.Lot.Terms)) is not 0 and var order
            ? order
            : left.Number.CompareTo(right.Number)));

    private readonly Func<FilteredLot, T, bool> _isBelow = (lot, bound) => valueOf(lot.Lot.Terms).CompareTo(bound) < 0;
    private readonly Func<FilteredLot, T, bool> _isNotAbove = (lot, bound) =>
        valueOf(lot.Lot.Terms).CompareTo(bound) <= 0;

    public void Add(FilteredLot lot) => _order.TryInsert(lot, out _);

    public void Remove(FilteredLot lot) => _order.TryRemove(lot, out _);

    /// <summary>
    /// The lots whose number is between two bounds, both included, whichever is larger. O(log n), and O(log n) for each
    /// one.
    /// </summary>
    public IEnumerable<FilteredLot> Between(T left, T right)
    {
        var (low, high) = left.CompareTo(right) <= 0 ? (left, right) : (right, left);
        var (from, to) = (_order.CountBefore(low, _isBelow), _order.CountBefore(high, _isNotAbove));
        return from == to ? [] : Enumerable.Range(from, to - from).Select(position => _order[position]);
    }
}
