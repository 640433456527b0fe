using System.Collections.ObjectModel;

namespace CodexSales.Rx.Caching;

/// <summary>Applies change sets to somebody's list.</summary>
internal sealed class ListBinding<TItem, TKey, TCause>(IList<TItem> target, int resetThreshold)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly ListByPosition _byPosition = new(target);
    private int _count;

    public void Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        if (changes is SnapshotOf<TItem, TKey, TCause> snapshot)
        {
            Refill(snapshot.Items);
            return;
        }

        if (target.Count != _count)
        {
            throw ChangedByOthers();
        }

        if (changes.Count > resetThreshold)
        {
            Refill(ItemsAfter(changes));
        }
        else
        {
            foreach (var change in changes)
            {
                if (change.Before is { } before && !ReferenceEquals(target[change.PositionBefore], before))
                {
                    throw ChangedByOthers();
                }

                _byPosition.Apply(change);
            }

            _count = target.Count;
        }
    }

    /// <summary>A large set is applied to a copy that takes O(log n) for each change, which a list doesn't.</summary>
    private TItem[] ItemsAfter(ChangeSet<TItem, TKey, TCause> changes)
    {
        var items = new TItem[target.Count];
        target.CopyTo(items, 0);
        var copy = OrderedTree<TItem>.Of(items, changes[0].Schema.Order);
        foreach (var change in changes)
        {
            copy.Apply(change);
        }

        items = new TItem[copy.Count];
        copy.CopyTo(0, items);
        return items;
    }

    private void Refill(ReadOnlySpan<TItem> items)
    {
        target.Clear();
        foreach (var item in items)
        {
            target.Add(item);
        }

        _count = target.Count;
    }

    private static InvalidOperationException ChangedByOthers() =>
        new("Somebody else has changed the list that is bound: it is no longer equal to what it shows.");

    private sealed class ListByPosition(IList<TItem> list) : IListByPosition<TItem>
    {
        public TItem this[int position]
        {
            get => list[position];
            set => list[position] = value;
        }

        public void InsertAt(int position, TItem item) => list.Insert(position, item);

        public TItem RemoveAt(int position)
        {
            var item = list[position];
            list.RemoveAt(position);
            return item;
        }

        // A user interface keeps its selection: to it, an item that is removed and inserted is another one.
        public void Move(int from, int to, TItem item)
        {
            if (list is ObservableCollection<TItem> observed)
            {
                observed[from] = item;
                observed.Move(from, to);
                return;
            }

            list.RemoveAt(from);
            list.Insert(to, item);
        }
    }
}
