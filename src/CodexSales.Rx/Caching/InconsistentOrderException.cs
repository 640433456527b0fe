namespace CodexSales.Rx.Caching;

/// <summary>
/// The comparer given to a <see cref="SortedObservableCache{TItem, TKey, TCause}"/> is no total order: it holds items
/// with different keys for equal, or does not find an item again where it put it. The edit was rolled back.
/// </summary>
public sealed class InconsistentOrderException : InvalidOperationException
{
    internal InconsistentOrderException(string message)
        : base(message)
    {
    }
}
