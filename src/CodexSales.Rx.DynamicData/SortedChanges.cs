using DynamicData;

namespace CodexSales.Rx.DynamicData;

/// <summary>One change set of a live list, in the words of DynamicData. Immutable for those who get it.</summary>
/// <typeparam name="TItem">What is in the list.</typeparam>
/// <typeparam name="TKey">The key of an item.</typeparam>
/// <typeparam name="TCause">Why the list changes.</typeparam>
public sealed class SortedChanges<TItem, TKey, TCause> : ChangeSet<TItem, TKey>, ISortedChangeSet<TItem, TKey>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    internal SortedChanges(
        Caching.ChangeSet<TItem, TKey, TCause> changes, IEnumerable<Change<TItem, TKey>> translated, SortedItems<TItem, TKey> items)
        : base(translated)
    {
        Causes = [.. changes.Select(change => change.Cause)];
        SortedItems = items;
    }

    /// <summary>Why, for each change, in the order of the changes.</summary>
    public ImmutableArray<TCause> Causes { get; }

    /// <summary>All items after these changes, in their order. A position is found in O(log n).</summary>
    public IKeyValueCollection<TItem, TKey> SortedItems { get; }
}
