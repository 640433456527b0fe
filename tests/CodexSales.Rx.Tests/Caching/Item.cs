namespace CodexSales.Rx.Tests.Caching;

/// <summary>What the caches of these tests hold: ordered by rank, then by key.</summary>
internal sealed record Item(int Key, int Rank)
{
    public override string ToString() => $"{Key}@{Rank}";
}

internal enum Why
{
    Snapshot,
    Put,
    Left,
    Taken,
    Evicted,
}

/// <summary>
/// The order of items; but at <see cref="TiedRank"/> it holds different keys for equal, and it throws once when it is
/// told to.
/// </summary>
internal sealed class ItemOrder : IComparer<Item>
{
    public const int TiedRank = 5;

    private int _comparisonsLeft = -1;

    public static int Compare(Item x, Item y) => x.Rank != y.Rank || x.Rank == TiedRank
        ? x.Rank.CompareTo(y.Rank)
        : x.Key.CompareTo(y.Key);

    public void ThrowAfter(int comparisons) => _comparisonsLeft = comparisons;

    public void DoNotThrow() => _comparisonsLeft = -1;

    int IComparer<Item>.Compare(Item? x, Item? y)
    {
        if (_comparisonsLeft-- == 0)
        {
            throw new ComparerFailedException();
        }

        return Compare(x!, y!);
    }
}

internal sealed class ComparerFailedException : Exception;

internal static class Caches
{
    public static SortedObservableCache<Item, int, Why> Empty(Action<Exception>? subscriberFailed = null) =>
        new(item => item.Key, new ItemOrder(), subscriberFailed ?? Rethrow);

    public static SortedObservableCache<Item, int, Why> Of(params Item[] items)
    {
        var cache = Empty();
        foreach (var item in items)
        {
            cache.Add(item, Why.Put);
        }

        return cache;
    }

    private static void Rethrow(Exception failure) =>
        throw new InvalidOperationException("A subscriber failed.", failure);
}
