using System.Collections;

namespace CodexSales.Rx.Caching;

/// <summary>The steps of one commit, or the ordered snapshot with which a subscription begins.</summary>
/// <remarks>
/// <para>
/// Threading: immutable, so it may be kept, passed on and read by any thread. To enumerate it with <c>foreach</c> allocates
/// nothing.
/// </para>
/// <para>
/// The items of a snapshot are all <see cref="ChangeKind.Added"/>, at positions 0, 1, 2, … and with the cache's
/// snapshot cause. A snapshot may be empty; another change set never is.
/// </para>
/// </remarks>
public abstract class ChangeSet<TItem, TKey, TCause> : IReadOnlyList<Change<TItem, TKey, TCause>>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private protected ChangeSet(long version) => Version = version;

    /// <summary>The number of the commit, from 1; of a snapshot, that of the last commit in it, or 0.</summary>
    /// <remarks>Each commit is one higher than the last. A view leaves out those that change nothing in it. A predicate that
    /// changes makes a set without a commit, which has the number of the last one.</remarks>
    public long Version { get; }

    /// <summary>Whether it is the snapshot with which a subscription begins.</summary>
    public bool IsSnapshot => this is SnapshotOf<TItem, TKey, TCause>;

    /// <summary>The number of changes.</summary>
    public abstract int Count { get; }

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

    /// <summary>Enumerates the changes without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<Change<TItem, TKey, TCause>> IEnumerable<Change<TItem, TKey, TCause>>.GetEnumerator() =>
        GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A change whose index is in range.</summary>
    internal abstract Change<TItem, TKey, TCause> At(int index);

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
