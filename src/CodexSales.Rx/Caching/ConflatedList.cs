namespace CodexSales.Rx.Caching;

/// <summary>The list as a slow subscriber knows it, and the net changes since: one adds them, the other brings the list
/// up to date by them.</summary>
internal sealed class ConflatedList<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly ViewSteps<TItem, TKey, TCause> _steps = new();
    private readonly Lock _gate = new();
    private OrderedTree<TItem> _list = new(Comparer<TItem>.Default); // Until the snapshot, which comes first.

    // Under the gate.
    private NetChanges<TItem, TKey, TCause> _waiting = new();
    private NetChanges<TItem, TKey, TCause> _spare = new();

    public bool IsUpToDate
    {
        get
        {
            lock (_gate)
            {
                return _waiting.IsEmpty;
            }
        }
    }

    public void Add(ChangeSet<TItem, TKey, TCause> changes)
    {
        lock (_gate)
        {
            _waiting.Add(changes);
        }
    }

    /// <summary>The steps to the new list; a snapshot for a new subscriber; null where nothing has changed.</summary>
    public ChangeSet<TItem, TKey, TCause>? Take()
    {
        NetChanges<TItem, TKey, TCause> changes;
        lock (_gate)
        {
            (changes, _waiting, _spare) = (_waiting, _spare, _waiting);
        }

        var set = Apply(changes);
        changes.Clear();
        return set;
    }

    private ChangeSet<TItem, TKey, TCause>? Apply(NetChanges<TItem, TKey, TCause> changes)
    {
        if (changes.Snapshot is { } snapshot)
        {
            _list = OrderedTree<TItem>.Of(snapshot.Items, snapshot.Schema.Order);
            Bring(changes);
            _steps.Take(changes.Version);
            var items = new TItem[_list.Count];
            _list.CopyTo(0, items);
            return snapshot.With(items, changes.Version);
        }

        Bring(changes);
        return _steps.Take(changes.Version);
    }

    private void Bring(NetChanges<TItem, TKey, TCause> changes)
    {
        foreach (var (before, last) in changes.Changes)
        {
            if (before is not null && last.After is null)
            {
                _steps.Add(last.Removing(before, Remove(before)));
            }
        }

        // An item may have taken the place in the order that another one, still to be moved, has here: then it comes at
        // the end.
        List<Change<TItem, TKey, TCause>>? blocked = null;
        foreach (var (before, last) in changes.Changes)
        {
            if (before is not null && last.After is { } after)
            {
                var positionBefore = Remove(before);
                if (_list.TryInsert(after, out var positionAfter))
                {
                    _steps.Add(last.Replacing(before, positionBefore, after, positionAfter));
                }
                else
                {
                    _steps.Add(last.Removing(before, positionBefore));
                    (blocked ??= []).Add(last);
                }
            }
        }

        foreach (var (before, last) in changes.Changes)
        {
            if (before is null)
            {
                Add(last);
            }
        }

        blocked?.ForEach(last => Add(last));
    }

    private void Add(in Change<TItem, TKey, TCause> last)
    {
        var item = last.Item;
        _steps.Add(_list.TryInsert(item, out var position)
            ? last.Adding(item, position)
            : throw new InconsistentOrderException($"The comparer holds '{item}' for equal to another item."));
    }

    private int Remove(TItem item)
    {
        if (!_list.TryRemove(item, out var position))
        {
            throw new InconsistentOrderException($"The comparer does not find '{item}' where it put it.");
        }

        return position;
    }
}
