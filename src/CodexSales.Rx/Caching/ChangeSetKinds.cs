namespace CodexSales.Rx.Caching;

/// <summary>A commit of one change, as most are: one object with the change inside.</summary>
internal sealed class OneChange<TItem, TKey, TCause>(long version, in Change<TItem, TKey, TCause> change)
    : ChangeSet<TItem, TKey, TCause>(version)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Change<TItem, TKey, TCause> _change = change;

    public override int Count => 1;

    internal override Change<TItem, TKey, TCause> At(int index) => _change;
}

internal sealed class SeveralChanges<TItem, TKey, TCause>(long version, Change<TItem, TKey, TCause>[] changes)
    : ChangeSet<TItem, TKey, TCause>(version)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public override int Count => changes.Length;

    internal override Change<TItem, TKey, TCause> At(int index) => changes[index];
}

/// <summary>A snapshot: the items alone, whose changes are made as they are asked for.</summary>
internal sealed class SnapshotOf<TItem, TKey, TCause>(
    long version, CacheSchema<TItem, TKey> schema, TItem[] items, TCause cause)
    : ChangeSet<TItem, TKey, TCause>(version)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public override int Count => items.Length;

    public ReadOnlySpan<TItem> Items => items;

    public CacheSchema<TItem, TKey> Schema => schema;

    public TCause Cause => cause;

    /// <summary>The snapshot of a view: some items of this one, or what has become of them by a version.</summary>
    public SnapshotOf<TItem, TKey, TCause> With(TItem[] others, long ofVersion) =>
        new(ofVersion, schema, others, cause);

    /// <summary>The snapshot of rows that were made of the items.</summary>
    public SnapshotOf<TRow, TKey, TCause> With<TRow>(TRow[] rows, CacheSchema<TRow, TKey> ofRows)
        where TRow : class => new(Version, ofRows, rows, cause);

    internal override Change<TItem, TKey, TCause> At(int index) =>
        Change<TItem, TKey, TCause>.Added(schema, items[index], index, cause);
}
