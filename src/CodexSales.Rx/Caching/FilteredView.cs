namespace CodexSales.Rx.Caching;

/// <summary>Keeps the items that match, so that a change's position among them can be found.</summary>
internal sealed class FilteredView<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private Func<TItem, bool> _predicate;
    private readonly ViewSteps<TItem, TKey, TCause> _steps = new();
    private OrderedTree<TItem> _matches = new(Comparer<TItem>.Default); // Until the snapshot, which comes first.

    public FilteredView(Func<TItem, bool> predicate) => _predicate = predicate;

    public static IObservable<ChangeSet<TItem, TKey, TCause>> Of(
        IObservable<ChangeSet<TItem, TKey, TCause>> source, Func<TItem, bool> predicate) =>
        source.Through(() => new FilteredView<TItem, TKey, TCause>(predicate).Apply);

    public ChangeSet<TItem, TKey, TCause>? Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        if (changes is SnapshotOf<TItem, TKey, TCause> snapshot)
        {
            return Begin(snapshot);
        }

        foreach (var change in changes)
        {
            Apply(change);
        }

        return _steps.Take(changes.Version);
    }

    /// <summary>Takes another predicate: what leaves and what comes, each at its position, in the order of the list.</summary>
    /// <param name="all">The whole list.</param>
    /// <param name="predicate">What is asked from now on.</param>
    /// <param name="now">A snapshot, for the version, the cause and the schema of the changes.</param>
    public ChangeSet<TItem, TKey, TCause>? Filter(
        OrderedTree<TItem> all, Func<TItem, bool> predicate, SnapshotOf<TItem, TKey, TCause> now)
    {
        _predicate = predicate;
        var place = 0;
        for (var position = 0; position < all.Count; position++)
        {
            var item = all[position];
            var did = place < _matches.Count && ReferenceEquals(_matches[place], item);
            var does = predicate(item);
            if (did && !does)
            {
                _matches.RemoveAt(place);
                _steps.Add(Change<TItem, TKey, TCause>.Removed(now.Schema, item, place, now.Cause));
            }
            else if (does && !did)
            {
                _matches.InsertAt(place, item);
                _steps.Add(Change<TItem, TKey, TCause>.Added(now.Schema, item, place, now.Cause));
            }

            place += does ? 1 : 0;
        }

        return _steps.Take(now.Version);
    }

    private SnapshotOf<TItem, TKey, TCause> Begin(SnapshotOf<TItem, TKey, TCause> snapshot)
    {
        var matching = new List<TItem>();
        foreach (var item in snapshot.Items)
        {
            if (_predicate(item))
            {
                matching.Add(item);
            }
        }

        var items = matching.ToArray();
        _matches = OrderedTree<TItem>.Of(items, snapshot.Schema.Order);
        return snapshot.With(items, snapshot.Version);
    }

    private void Apply(in Change<TItem, TKey, TCause> change)
    {
        // The item before counts as it matched when it came, whatever the predicate says of it today.
        var matches = change.After is { } item && _predicate(item);
        if (change.Before is { } before && _matches.TryRemove(before, out var positionBefore))
        {
            _steps.Add(matches
                ? change.Replacing(before, positionBefore, change.Item, Insert(change.Item))
                : change.Removing(before, positionBefore));
        }
        else if (matches)
        {
            _steps.Add(change.Adding(change.Item, Insert(change.Item)));
        }
    }

    private int Insert(TItem item) => _matches.TryInsert(item, out var position)
        ? position
        : throw new InconsistentOrderException($"The comparer holds '{item}' for equal to another item.");
}
