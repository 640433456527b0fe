namespace CodexSales.Rx.Caching;

/// <summary>Some of the items of a cache at one moment, as a page of a table shows them.</summary>
/// <param name="Version">The number of the last commit that is in it; 0 for none.</param>
/// <param name="TotalCount">The number of items in the cache.</param>
/// <param name="Offset">The position of the first item of the page.</param>
/// <param name="Items">The items in order; fewer than asked for where the cache ends.</param>
/// <remarks>Immutable.</remarks>
public sealed record CachePage<TItem>(long Version, int TotalCount, int Offset, ImmutableArray<TItem> Items)
    where TItem : class;
