using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Filtering;

/// <summary>Groups in the order of one number that a condition looks at, so that a changed bound concerns only those in
/// between.</summary>
internal sealed class ConditionIndex<T>(Func<SlotTerms, T> valueOf)
    where T : struct, IComparable<T>
{
    private readonly OrderedTree<FilteredGroup> _order = new(Comparer<FilteredGroup>.Create((left, right) =>
        (valueOf(left.Group.Terms), left.Number).CompareTo((valueOf(right.Group.Terms), right.Number))));

    private readonly Func<FilteredGroup, T, bool> _isBelow = (group, bound) => valueOf(group.Group.Terms).CompareTo(bound) < 0;
    private readonly Func<FilteredGroup, T, bool> _isNotAbove = (group, bound) =>
        valueOf(group.Group.Terms).CompareTo(bound) <= 0;

    public void Add(FilteredGroup group) => _order.TryInsert(group, out _);

    public void Remove(FilteredGroup group) => _order.TryRemove(group, out _);

    /// <summary>The groups whose number is between two bounds, both included, whichever is larger. O(log n), and O(log
    /// n) for each one.</summary>
    public IEnumerable<FilteredGroup> Between(T left, T right)
    {
        var (low, high) = left.CompareTo(right) <= 0 ? (left, right) : (right, left);
        var (from, to) = (_order.CountBefore(low, _isBelow), _order.CountBefore(high, _isNotAbove));
        return from == to ? [] : Enumerable.Range(from, to - from).Select(position => _order[position]);
    }
}
