namespace CodexSales.Rx.Caching;

/// <summary>Applies changes by position.</summary>
internal static class ListReplay
{
    public static void Apply<TItem, TKey, TCause>(this OrderedTree<TItem> list, in Change<TItem, TKey, TCause> change)
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
                list.RemoveAt(change.PositionBefore);
                list.InsertAt(change.PositionAfter, moved);
                break;
        }
    }

    public static void Apply<TItem, TKey, TCause>(this IList<TItem> list, in Change<TItem, TKey, TCause> change)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        switch (change)
        {
            case { Before: null, After: { } added }:
                list.Insert(change.PositionAfter, added);
                break;
            case { After: null }:
                list.RemoveAt(change.PositionBefore);
                break;
            case { Kind: ChangeKind.Updated, After: { } updated }:
                list[change.PositionAfter] = updated;
                break;
            case { After: { } moved }:
                list.RemoveAt(change.PositionBefore);
                list.Insert(change.PositionAfter, moved);
                break;
        }
    }
}
