namespace CodexSales.Rx.Caching;

/// <summary>A list that changes can be applied to.</summary>
internal interface IListByPosition<T>
{
    T this[int position] { get; set; }

    void InsertAt(int position, T item);

    T RemoveAt(int position);

    /// <summary>Takes an item out, and puts it, as it is now, in at another position.</summary>
    void Move(int from, int to, T item)
    {
        RemoveAt(from);
        InsertAt(to, item);
    }
}

internal static class ListReplay
{
    public static void Apply<TItem, TKey, TCause>(
        this IListByPosition<TItem> list, in Change<TItem, TKey, TCause> change)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        switch (change)
        {
            case { Before: null, After: { } added }:
                list.InsertAt(change.PositionAfter, added);
                break;
            case { After: null }:
                list.RemoveAt(change.PositionBefore);
                break;
            case { Kind: ChangeKind.Updated, After: { } updated }:
                list[change.PositionAfter] = updated;
                break;
            case { After: { } moved }:
                list.Move(change.PositionBefore, change.PositionAfter, moved);
                break;
        }
    }
}
