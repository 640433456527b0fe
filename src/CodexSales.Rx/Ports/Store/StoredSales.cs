namespace CodexSales.Rx.Ports.Store;

/// <summary>Everything that a pipeline begins with. Immutable.</summary>
/// <param name="Availabilities">The space for sale.</param>
/// <param name="Sales">The sales that ran when the last change was saved.</param>
/// <param name="Totals">The totals of each availability, also of those that are gone.</param>
/// <param name="LastNumber">The highest number that a sale ever had; 0 when there was none.</param>
public sealed record StoredSales(
    IReadOnlyList<StoredAvailability> Availabilities,
    IReadOnlyList<SaleRecord> Sales,
    IReadOnlyList<SoldTotals> Totals,
    long LastNumber)
{
    /// <summary>
    /// The slots that this host was forced out of and whose requests had not ended by the time of the last record
    /// (the latest <see cref="SaleRecord.At"/>), each once, in any order: as far as history reaches back.
    /// </summary>
    public IReadOnlyList<LostSlot> LostSlots { get; init; } = [];

    /// <summary>Of a store that was never written to.</summary>
    public static StoredSales Empty { get; } = new([], [], [], 0);
}
