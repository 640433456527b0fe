namespace CodexSales.Rx.Caching;

/// <summary>Holds items with the same key for equal, and a key for equal to the item that has it.</summary>
internal sealed class KeyComparer<TItem, TKey>(Func<TItem, TKey> keyOf)
    : IEqualityComparer<TItem>, IAlternateEqualityComparer<TKey, TItem>
    where TItem : class
    where TKey : notnull
{
    public bool Equals(TItem? x, TItem? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Equals(keyOf(x), y));

    public int GetHashCode(TItem obj) => keyOf(obj).GetHashCode();

    public bool Equals(TKey alternate, TItem other) => EqualityComparer<TKey>.Default.Equals(alternate, keyOf(other));

    public int GetHashCode(TKey alternate) => alternate.GetHashCode();

    public TItem Create(TKey alternate) => throw new NotSupportedException("A key alone makes no item.");
}
