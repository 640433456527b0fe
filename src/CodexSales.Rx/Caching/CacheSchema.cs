namespace CodexSales.Rx.Caching;

/// <summary>What a cache and the views of it know about its items: their keys and their order.</summary>
internal sealed record CacheSchema<TItem, TKey>(Func<TItem, TKey> KeyOf, IComparer<TItem> Order)
    where TItem : class
    where TKey : notnull;
