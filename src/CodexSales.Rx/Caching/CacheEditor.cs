using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Caching;

/// <summary>Changes a cache within one edit: all that it does is one commit, or nothing.</summary>
/// <remarks>
/// <para>
/// It sees the cache as it is in the middle of the edit. Each method is done as a whole or throws and has done nothing,
/// so an edit may catch a refusal and go on. Every step is published, also when a later step of the same edit takes it
/// back.
/// </para>
/// <para>
/// Threading: only inside the delegate given to <c>Edit</c>, on its thread; anywhere else every member throws.
/// </para>
/// <para>Cost: <see cref="Count"/>, <see cref="Contains"/> and <see cref="TryGet"/> O(1), all else O(log n).</para>
/// </remarks>
/// <exception cref="InvalidOperationException">A member is used outside of the edit.</exception>
public sealed class CacheEditor<TItem, TKey, TCause> : IEnumerable<TItem>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    // Room for steps that is kept for the next edit: at most about 2.5 MB.
    private const int MostStepsKept = 1 << 16;

    private readonly CacheContents<TItem, TKey> _contents;
    private readonly Lock _gate;
    private Change<TItem, TKey, TCause>[] _steps = new Change<TItem, TKey, TCause>[1];
    private int _stepCount;

    internal CacheEditor(CacheContents<TItem, TKey> contents, Lock gate) => (_contents, _gate) = (contents, gate);

    internal bool IsOpen { get; private set; }

    /// <summary>The number of items.</summary>
    public int Count => Contents.Count;

    /// <summary>The first item in order, or null when there is none.</summary>
    public TItem? First => Contents.Count > 0 ? _contents[0] : null;

    /// <summary>The last item in order, or null when there is none.</summary>
    public TItem? Last => Contents.Count > 0 ? _contents[_contents.Count - 1] : null;

    private CacheContents<TItem, TKey> Contents => IsOpen && _gate.IsHeldByCurrentThread
        ? _contents
        : throw new InvalidOperationException("An editor can be used only inside its edit, on the thread of the edit.");

    /// <summary>The item at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is not from 0 to <see cref="Count"/> − 1.</exception>
    public TItem this[int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Contents.Count);
            return Contents[position];
        }
    }

    /// <summary>Whether there is an item with the key.</summary>
    public bool Contains(TKey key) => Contents.Contains(key);

    /// <summary>Looks an item up.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TItem item) => Contents.TryGet(key, out item);

    /// <summary>The position of the item with the key, or −1.</summary>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    public int PositionOf(TKey key) => Contents.PositionOf(key);

    /// <summary>Adds an item whose key is new.</summary>
    /// <exception cref="ArgumentException">There is an item with the same key.</exception>
    /// <exception cref="InconsistentOrderException">The comparer holds items of different keys for equal.</exception>
    public void Add(TItem item, TCause cause)
    {
        ArgumentNullException.ThrowIfNull(item);
        var position = Contents.Add(item);
        Log(null, -1, item, position, cause);
    }

    /// <summary>Adds an item, or replaces the one with the same key; it moves where its order has changed.</summary>
    /// <returns>What was done; null when the very same object is in the cache already, which changes nothing.</returns>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    public ChangeKind? AddOrUpdate(TItem item, TCause cause)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!Contents.TryGet(_contents.Schema.KeyOf(item), out var old))
        {
            Add(item, cause);
            return ChangeKind.Added;
        }

        if (ReferenceEquals(old, item))
        {
            return null;
        }

        _contents.Replace(old, item, out var positionBefore, out var positionAfter);
        Log(old, positionBefore, item, positionAfter, cause);
        return _steps[_stepCount - 1].Kind;
    }

    /// <summary>Removes the item with the key; false when there is none.</summary>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    public bool Remove(TKey key, TCause cause) => TryRemove(key, cause, out _);

    /// <summary>Removes the item with the key and returns it; false when there is none.</summary>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    public bool TryRemove(TKey key, TCause cause, [NotNullWhen(true)] out TItem? item)
    {
        if (!Contents.TryGet(key, out item))
        {
            return false;
        }

        Log(item, _contents.Remove(item), null, -1, cause);
        return true;
    }

    /// <summary>Removes the first item in order and returns it; false when there is none. Compares nothing.</summary>
    public bool TryTakeFirst(TCause cause, [NotNullWhen(true)] out TItem? item) => TryTakeAt(0, cause, out item);

    /// <summary>Removes the last item in order and returns it; false when there is none. Compares nothing.</summary>
    public bool TryTakeLast(TCause cause, [NotNullWhen(true)] out TItem? item) =>
        TryTakeAt(Contents.Count - 1, cause, out item);

    /// <summary>Goes through the items in order.</summary>
    /// <exception cref="InvalidOperationException">The cache was changed meanwhile.</exception>
    public IEnumerator<TItem> GetEnumerator()
    {
        var revision = Contents.Revision;
        for (var position = 0; position < Contents.Count; position++)
        {
            yield return _contents[position];
            if (Contents.Revision != revision)
            {
                throw new InvalidOperationException("The cache was changed while its items were enumerated.");
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool HasSteps => _stepCount > 0;

    internal void Open() => IsOpen = true;

    internal ChangeSet<TItem, TKey, TCause> ToChangeSet(long version) =>
        _stepCount == 1
            ? new OneChange<TItem, TKey, TCause>(version, _steps[0])
            : new SeveralChanges<TItem, TKey, TCause>(version, _steps[.._stepCount]);

    internal void RollBack()
    {
        for (var i = _stepCount - 1; i >= 0; i--)
        {
            _contents.Undo(_steps[i]);
        }

        Close();
    }

    internal void Close()
    {
        IsOpen = false;
        if (_steps.Length > MostStepsKept)
        {
            _steps = new Change<TItem, TKey, TCause>[1];
        }
        else
        {
            _steps.AsSpan(0, _stepCount).Clear();
        }

        _stepCount = 0;
    }

    private bool TryTakeAt(int position, TCause cause, [NotNullWhen(true)] out TItem? item)
    {
        item = Contents.Count > 0 ? _contents.RemoveAt(position) : null;
        if (item is null)
        {
            return false;
        }

        Log(item, position, null, -1, cause);
        return true;
    }

    private void Log(TItem? before, int positionBefore, TItem? after, int positionAfter, TCause cause)
    {
        if (_stepCount == _steps.Length)
        {
            Array.Resize(ref _steps, 2 * _stepCount);
        }

        _steps[_stepCount++] = new(_contents.Schema, before, positionBefore, after, positionAfter, cause);
    }
}
