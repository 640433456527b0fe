using System.Collections;
using DynamicData;

namespace CodexSales.Rx.DynamicData;

/// <summary>The items of a list after one change set; two of them share what did not change.</summary>
internal sealed class SortedItems<TItem, TKey>(ImmutableList<KeyValuePair<TKey, TItem>> items, SortReason reason)
    : IKeyValueCollection<TItem, TKey>, IComparer<KeyValuePair<TKey, TItem>>
    where TItem : class
    where TKey : notnull
{
    private Dictionary<TKey, int>? _positions;

    public IComparer<KeyValuePair<TKey, TItem>> Comparer => this;

    public SortOptimisations Optimisations => SortOptimisations.ComparesImmutableValuesOnly;

    public SortReason SortReason => reason;

    public int Count => items.Count;

    public KeyValuePair<TKey, TItem> this[int index] => items[index];

    public IEnumerator<KeyValuePair<TKey, TItem>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The order of these items, which is all that there is to compare. O(n) when it is asked for the first time.
    public int Compare(KeyValuePair<TKey, TItem> x, KeyValuePair<TKey, TItem> y) => PositionOf(x.Key).CompareTo(PositionOf(y.Key));

    private int PositionOf(TKey key) => (_positions ??= items.Select((item, position) => (item.Key, position))
        .ToDictionary(item => item.Key, item => item.position))[key];
}
