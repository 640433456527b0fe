namespace CodexSales.Rx.Caching;

/// <summary>A filtered list whose predicate changes: it follows the whole list, for the items that may begin to match.</summary>
internal sealed class RefilteredView<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private OrderedTree<TItem> _all = new(Comparer<TItem>.Default); // Until the snapshot, which comes first.
    private SnapshotOf<TItem, TKey, TCause>? _empty;
    private FilteredView<TItem, TKey, TCause>? _matches; // Until the first predicate.

    public ChangeSet<TItem, TKey, TCause>? Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        switch (changes)
        {
            case SnapshotOf<TItem, TKey, TCause> snapshot:
                _all = OrderedTree<TItem>.Of(snapshot.Items, snapshot.Schema.Order);
                _empty = snapshot.With([], snapshot.Version);
                return null;
            case PredicateChange<TItem, TKey, TCause> next when _matches is null:
                _matches = new FilteredView<TItem, TKey, TCause>(next.Predicate);
                var all = new TItem[_all.Count];
                _all.CopyTo(0, all);
                return _matches.Apply(_empty!.With(all, next.Version)); // The snapshot was there.
            case PredicateChange<TItem, TKey, TCause> next:
                return _matches.Filter(_all, next.Predicate, _empty!.With([], next.Version));
            default:
                foreach (var change in changes)
                {
                    _all.Apply(change);
                }

                return _matches?.Apply(changes);
        }
    }
}
