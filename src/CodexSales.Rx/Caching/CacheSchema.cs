namespace CodexSales.Rx.Caching;

/// <summary>The knowledge of a cache and its views about its items: their keys and their order.</summary>
internal sealed record CacheSchema<TItem, TKey>(Func<TItem, TKey> KeyOf, IComparer<TItem> Order)
    where TItem : class
    where TKey : notnull;
