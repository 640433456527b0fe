using CodexSales.Rx.Caching;
using CodexSales.Rx.Queueing;

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

    public void Add(FilteredLot lot) => _order.TryInsert(lot, out _);

    public void Remove(FilteredLot lot) => _order.TryRemove(lot, out _);

    /// <summary>
    /// The lots whose number is between two bounds, both included, whichever is larger. O(log² n), and O(log n) for
    /// each one.
    /// </summary>
    public IEnumerable<FilteredLot> Between(T left, T right)
    {
        var (low, high) = left.CompareTo(right) <= 0 ? (left, right) : (right, left);
        for (var position = FirstNotBelow(low); position < _order.Count; position++)
        {
            var lot = _order[position];
            if (valueOf(lot.Lot.Terms).CompareTo(high) > 0)
            {
                break;
            }

            yield return lot;
        }
    }

    private int FirstNotBelow(T bound)
    {
        var (from, to) = (0, _order.Count);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            (from, to) = valueOf(_order[middle].Lot.Terms).CompareTo(bound) < 0 ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
