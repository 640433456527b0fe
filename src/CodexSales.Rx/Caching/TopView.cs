namespace CodexSales.Rx.Caching;

/// <summary>Follows a whole list by position, so that it knows which item shifts into the front.</summary>
internal sealed class TopView<TItem, TKey, TCause>(int size)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly ViewSteps<TItem, TKey, TCause> _steps = new();
    private OrderedTree<TItem> _list = new(Comparer<TItem>.Default); // Until the snapshot, which comes first.

    public ChangeSet<TItem, TKey, TCause>? Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        if (changes is SnapshotOf<TItem, TKey, TCause> snapshot)
        {
            _list = OrderedTree<TItem>.Of(snapshot.Items, snapshot.Schema.Order);
            return snapshot.With(snapshot.Items[..Math.Min(size, snapshot.Count)].ToArray(), snapshot.Version);
        }

        foreach (var change in changes)
        {
            _list.Apply(change);
            Apply(change);
        }

        return _steps.Take(changes.Version);
    }

    private void Apply(in Change<TItem, TKey, TCause> change)
    {
        var leaves = change.Before is not null && change.PositionBefore < size;
        var comes = change.After is not null && change.PositionAfter < size;
        if (leaves && comes)
        {
            _steps.Add(change);
        }
        else if (leaves)
        {
            _steps.Add(change.Removing(change.Before!, change.PositionBefore)); // An item that leaves was there.
            if (_list.Count >= size)
            {
                _steps.Add(change.Adding(_list[size - 1], size - 1));
            }
        }
        else if (comes)
        {
            if (_list.Count > size)
            {
                _steps.Add(change.Removing(_list[size], size - 1));
            }

            _steps.Add(change.Adding(change.After!, change.PositionAfter)); // An item that comes is there.
        }
    }
}
