namespace CodexSales.Rx.Sqlite.Tests.Durability;

/// <summary>An endless row of batches, the same in every process.</summary>
internal static class SomeBatches
{
    /// <summary>So few that sales are forgotten all the time.</summary>
    public const int HistoryCapacity = 50;

    private const int SaleNumbers = 200;

    public static IReadOnlyList<StoreChange> At(int index) =>
        new SomeChanges(seed: index).Batch(size: 1 + (index % 20), SaleNumbers);
}
