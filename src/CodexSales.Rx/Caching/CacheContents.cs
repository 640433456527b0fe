using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Caching;

/// <summary>The items of a cache by key and in order. An operation is done, or throws and has done nothing.</summary>
internal sealed class CacheContents<TItem, TKey>
    where TItem : class
    where TKey : notnull
{
    // A set, since an item knows its key: of a dictionary most would be copies of keys.
    private readonly HashSet<TItem> _items;
    private readonly HashSet<TItem>.AlternateLookup<TKey> _byKey;
    private readonly OrderedTree<TItem> _inOrder;

    public CacheContents(CacheSchema<TItem, TKey> schema)
    {
        Schema = schema;
        _items = new HashSet<TItem>(new KeyComparer<TItem, TKey>(schema.KeyOf));
        _byKey = _items.GetAlternateLookup<TKey>();
        _inOrder = new OrderedTree<TItem>(schema.Order);
    }

    public CacheSchema<TItem, TKey> Schema { get; }

    public int Count => _inOrder.Count;

    public int Revision => _inOrder.Revision;

    public TItem this[int position] => _inOrder[position];

    public bool Contains(TKey key) => _byKey.Contains(key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TItem item) => _byKey.TryGetValue(key, out item);

    public int PositionOf(TKey key) => TryGet(key, out var item) ? Find(item) : -1;

    public TItem[] Copy(int offset, int count)
    {
        if (count == 0)
        {
            return [];
        }

        var items = new TItem[count];
        _inOrder.CopyTo(offset, items);
        return items;
    }

    /// <summary>Adds an item with a new key and returns its position.</summary>
    public int Add(TItem item)
    {
        if (!_inOrder.TryInsert(item, out var position))
        {
            throw _items.Contains(item) ? Duplicate(item) : Tie(item, position);
        }

        if (!_items.Add(item))
        {
            _inOrder.RemoveAt(position);
            throw Duplicate(item);
        }

        return position;
    }

    public void Replace(TItem old, TItem item, out int positionBefore, out int positionAfter)
    {
        positionBefore = Find(old);
        if (_inOrder.TryFind(item, out positionAfter) && positionAfter != positionBefore)
        {
            throw Tie(item, positionAfter);
        }

        // The old item counts no longer.
        if (positionAfter > positionBefore)
        {
            positionAfter--;
        }

        Exchange(positionBefore, item, positionAfter);
    }

    /// <summary>Removes an item that is in it, and returns the position that it had.</summary>
    public int Remove(TItem item)
    {
        if (!_inOrder.TryRemove(item, out var position))
        {
            throw Lost(item);
        }

        _items.Remove(item);
        return position;
    }

    public TItem RemoveAt(int position)
    {
        var item = _inOrder.RemoveAt(position);
        _items.Remove(item);
        return item;
    }

    /// <summary>Takes a step back. Neither the comparer nor the limits of anything can stop it.</summary>
    public void Undo<TCause>(in Change<TItem, TKey, TCause> step)
        where TCause : struct, Enum
    {
        if (step.Before is null)
        {
            RemoveAt(step.PositionAfter);
        }
        else if (step.After is null)
        {
            _inOrder.InsertAt(step.PositionBefore, step.Before);
            _items.Add(step.Before);
        }
        else
        {
            Exchange(step.PositionAfter, step.Before, step.PositionBefore);
        }
    }

    private void Exchange(int positionBefore, TItem item, int positionAfter)
    {
        if (positionBefore == positionAfter)
        {
            _inOrder[positionBefore] = item;
        }
        else
        {
            _inOrder.RemoveAt(positionBefore);
            _inOrder.InsertAt(positionAfter, item);
        }

        // Both have the same key.
        _items.Remove(item);
        _items.Add(item);
    }

    private int Find(TItem item) => _inOrder.TryLocate(item, out var position) ? position : throw Lost(item);

    private ArgumentException Duplicate(TItem item) =>
        new($"There is an item with the key '{Schema.KeyOf(item)}' already.", nameof(item));

    private InconsistentOrderException Tie(TItem item, int position) => new(
        $"The comparer holds '{item}' and '{_inOrder[position]}' for equal, but their keys are different.");

    private static InconsistentOrderException Lost(TItem item) =>
        new($"The comparer does not find '{item}' where it put it.");
}
