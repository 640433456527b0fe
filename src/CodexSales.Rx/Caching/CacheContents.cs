using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Caching;

/// <summary>
/// The items of a cache by key and in order. Each operation is done as a whole, or throws and has done nothing.
/// </summary>
internal sealed class CacheContents<TItem, TKey>(CacheSchema<TItem, TKey> schema)
    where TItem : class
    where TKey : notnull
{
    private readonly Dictionary<TKey, TItem> _byKey = [];
    private readonly OrderedTree<TItem> _inOrder = new(schema.Order);

    public CacheSchema<TItem, TKey> Schema => schema;

    public int Count => _inOrder.Count;

    public int Revision => _inOrder.Revision;

    public TItem this[int position] => _inOrder[position];

    public bool Contains(TKey key) => _byKey.ContainsKey(key);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TItem item) => _byKey.TryGetValue(key, out item);

    public int PositionOf(TKey key) => _byKey.TryGetValue(key, out var item) ? Find(item) : -1;

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
        var key = schema.KeyOf(item);
        if (!_inOrder.TryInsert(item, out var position))
        {
            throw _byKey.ContainsKey(key) ? new ArgumentException(Duplicate(key), nameof(item)) : Tie(item, position);
        }

        if (!_byKey.TryAdd(key, item))
        {
            _inOrder.RemoveAt(position);
            throw new ArgumentException(Duplicate(key), nameof(item));
        }

        return position;
    }

    /// <summary>Puts an item in the place of one with the same key, and tells the positions of both.</summary>
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
        var position = Find(item);
        RemoveAt(position);
        return position;
    }

    public TItem RemoveAt(int position)
    {
        var item = _inOrder.RemoveAt(position);
        _byKey.Remove(schema.KeyOf(item));
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
            _byKey.Add(step.Key, step.Before);
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

        _byKey[schema.KeyOf(item)] = item;
    }

    private int Find(TItem item) =>
        _inOrder.TryFind(item, out var position) && ReferenceEquals(_inOrder[position], item)
        ? position
        : throw new InconsistentOrderException($"The comparer does not find '{item}' where it put it.");

    private static string Duplicate(TKey key) => $"There is an item with the key '{key}' already.";

    private InconsistentOrderException Tie(TItem item, int position) => new(
        $"The comparer holds '{item}' and '{_inOrder[position]}' for equal, but their keys are different.");
}
