namespace CodexSales.Rx.Caching;

/// <summary>The kind of a change to an item of a <see cref="SortedObservableCache{TItem, TKey, TCause}"/>.</summary>
public enum ChangeKind
{
    /// <summary>It came in: there is no item before, and no position before.</summary>
    Added,

    /// <summary>Another item with the same key took its place, at the same position.</summary>
    Updated,

    /// <summary>Another item with the same key took its place, at another position.</summary>
    Moved,

    /// <summary>It left: there is no item after, and no position after.</summary>
    Removed,
}
