namespace CodexSales.Rx.Caching;

/// <summary>Keeps the items that match, so that a change's position among them can be found.</summary>
internal sealed class FilteredView<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Func<TItem, bool> _predicate;
    private readonly ViewSteps<TItem, TKey, TCause> _steps = new();
    private OrderedTree<TItem> _matches = new(Comparer<TItem>.Default); // Until the snapshot, which comes first.

    private FilteredView(Func<TItem, bool> predicate) => _predicate = predicate;

    public static IObservable<ChangeSet<TItem, TKey, TCause>> Of(
        IObservable<ChangeSet<TItem, TKey, TCause>> source, Func<TItem, bool> predicate) =>
        source.Through(() => new FilteredView<TItem, TKey, TCause>(predicate).Apply);

    private ChangeSet<TItem, TKey, TCause>? Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        if (changes.IsSnapshot)
        {
            return Begin(changes);
        }

        foreach (var change in changes)
        {
            Apply(change);
        }

        return _steps.Take(changes.Version);
    }

    private ChangeSet<TItem, TKey, TCause> Begin(ChangeSet<TItem, TKey, TCause> snapshot)
    {
        var matching = new List<TItem>();
        foreach (var item in snapshot.SnapshotItems)
        {
            if (_predicate(item))
            {
                matching.Add(item);
            }
        }

        var items = matching.ToArray();
        _matches = OrderedTree<TItem>.Of(items, snapshot.Schema.Order);
        return new(snapshot.Version, snapshot.Schema, items, snapshot.SnapshotCause);
    }

    private void Apply(in Change<TItem, TKey, TCause> change)
    {
        // Whether the item before did match is what was found out when it came, not what the predicate says of it
        // today.
        var matches = change.After is { } item && _predicate(item);
        if (change.Before is { } before && TryFind(before, out var positionBefore))
        {
            _matches.RemoveAt(positionBefore);
            _steps.Add(matches
                ? change.Replacing(before, positionBefore, change.Item, Insert(change.Item))
                : change.Removing(before, positionBefore));
        }
        else if (matches)
        {
            _steps.Add(change.Adding(change.Item, Insert(change.Item)));
        }
    }

    private bool TryFind(TItem item, out int position) =>
        _matches.TryFind(item, out position) && ReferenceEquals(_matches[position], item);

    private int Insert(TItem item) => _matches.TryInsert(item, out var position)
        ? position
        : throw new InconsistentOrderException($"The comparer holds '{item}' for equal to another item.");
}
