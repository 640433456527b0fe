using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Caching;

/// <summary>Keys and order of rows, which are those of the items that they were made of.</summary>
internal sealed class RowSchema<TItem, TKey, TRow>
    where TItem : class
    where TKey : notnull
    where TRow : class
{
    // Each row's item is known as long as anyone has the row, such as a slow subscriber whose list is behind.
    private readonly ConditionalWeakTable<TRow, TItem> _items = [];

    public RowSchema(CacheSchema<TItem, TKey> ofItems) => Schema = new CacheSchema<TRow, TKey>(
        row => ofItems.KeyOf(ItemOf(row)),
        Comparer<TRow>.Create((left, right) => ofItems.Order.Compare(ItemOf(left), ItemOf(right))));

    public CacheSchema<TRow, TKey> Schema { get; }

    public void Note(TRow row, TItem item)
    {
        if (!_items.TryAdd(row, item))
        {
            throw new InvalidOperationException(
                $"The projection gave the same object for '{item}' as before: each call has to return a new one.");
        }
    }

    private TItem ItemOf(TRow row) => _items.TryGetValue(row, out var item)
        ? item
        : throw new InvalidOperationException($"'{row}' is no row of this list.");
}
