namespace CodexSales.Rx.Caching;

/// <summary>All items of a cache at one moment, between two commits.</summary>
/// <param name="Version">The number of the last commit that is in it; 0 for none.</param>
/// <param name="Items">The items in order.</param>
/// <remarks>Immutable.</remarks>
public sealed record CacheSnapshot<TItem>(long Version, ImmutableArray<TItem> Items)
    where TItem : class;
