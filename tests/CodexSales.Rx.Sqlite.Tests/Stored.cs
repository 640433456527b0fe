namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>Compares all that two stores remember.</summary>
internal static class Stored
{
    public static async Task<bool> AreEqualAsync(ISalesStore left, ISalesStore right)
    {
        var (one, other) = (left.Load(), right.Load());
        return one.Availabilities.SequenceEqual(other.Availabilities)
            && one.Sales.SequenceEqual(other.Sales)
            && one.Totals.ToHashSet().SetEquals(other.Totals)
            && one.LastNumber == other.LastNumber
            && one.LostSlots.ToHashSet().SetEquals(other.LostSlots)
            && (await HistoryAsync(left)).SequenceEqual(await HistoryAsync(right));
    }

    public static Task<IReadOnlyList<PastSale>> HistoryAsync(ISalesStore store) =>
        store.ReadHistoryAsync(long.MaxValue, 1_000_000, TestContext.Current.CancellationToken);
}
