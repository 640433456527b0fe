using System.Collections;
using System.Globalization;

namespace CodexSales.Rx.Caching;

/// <summary>
/// What one commit changed, in the order of its steps; or the ordered snapshot with which a subscription begins.
/// </summary>
/// <remarks>
/// <para>
/// Immutable, so it may be kept, passed on and read by any thread. To enumerate it with <c>foreach</c> allocates
/// nothing.
/// </para>
/// <para>
/// The items of a snapshot are all <see cref="ChangeKind.Added"/>, at positions 0, 1, 2, … and with the cache's
/// snapshot cause. A snapshot may be empty; another change set never is.
/// </para>
/// </remarks>
public sealed class ChangeSet<TItem, TKey, TCause> : IReadOnlyList<Change<TItem, TKey, TCause>>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    // One of three: a single change, which most commits are, or a list of changes, or the items of a snapshot.
    private readonly Change<TItem, TKey, TCause> _single;
    private readonly Change<TItem, TKey, TCause>[]? _several;
    private readonly TItem[]? _snapshot;

    internal ChangeSet(long version, Change<TItem, TKey, TCause> change)
    {
        Version = version;
        _single = change;
    }

    internal ChangeSet(long version, Change<TItem, TKey, TCause>[] changes)
    {
        Version = version;
        _several = changes;
    }

    internal ChangeSet(long version, CacheSchema<TItem, TKey> schema, TItem[] snapshot, TCause cause)
    {
        Version = version;
        _snapshot = snapshot;
        _single = new Change<TItem, TKey, TCause>(schema, null, -1, null, -1, cause);
    }

    /// <summary>
    /// The number of the commit, from 1; for a snapshot, of the last commit that is in it, 0 for none.
    /// </summary>
    /// <remarks>Each commit is one higher than the last. A view leaves out those that change nothing in it.</remarks>
    public long Version { get; }

    /// <summary>Whether it is the snapshot with which a subscription begins.</summary>
    public bool IsSnapshot => _snapshot is not null;

    /// <summary>The number of changes.</summary>
    public int Count => _snapshot?.Length ?? _several?.Length ?? 1;

    /// <summary>One of the changes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not from 0 to <see cref="Count"/> − 1.</exception>
    public Change<TItem, TKey, TCause> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return At(index);
        }
    }

    internal CacheSchema<TItem, TKey> Schema => _several is not null ? _several[0].Schema : _single.Schema;

    internal TCause SnapshotCause => _single.Cause;

    /// <summary>The items of a snapshot, in order; empty for other change sets.</summary>
    internal ReadOnlySpan<TItem> SnapshotItems => _snapshot;

    /// <summary>Enumerates the changes without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Change<TItem, TKey, TCause>> IEnumerable<Change<TItem, TKey, TCause>>.GetEnumerator() =>
        GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Change<TItem, TKey, TCause> At(int index) =>
        _several is not null ? _several[index]
        : _snapshot is not null ? _single.Adding(_snapshot[index], index)
        : _single;

    /// <summary>"version 7: 3 changes", for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"version {Version}: {Count} {(IsSnapshot ? "items" : "changes")}");

    /// <summary>Goes through the changes of a set.</summary>
    public struct Enumerator : IEnumerator<Change<TItem, TKey, TCause>>
    {
        private readonly ChangeSet<TItem, TKey, TCause> _set;
        private readonly int _count;
        private int _index;

        internal Enumerator(ChangeSet<TItem, TKey, TCause> set) => (_set, _count, _index) = (set, set.Count, -1);

        /// <inheritdoc/>
        public readonly Change<TItem, TKey, TCause> Current => _set.At(_index);

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++_index < _count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
