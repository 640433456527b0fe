namespace CodexSales.Rx.Sqlite.Tables;

internal static class AvailabilityTable
{
    public const string Columns =
        "id, total_bytes, max_duration, min_price, total_collateral, enabled, until, draining";

    /// <summary>One that is there already keeps its place among the others.</summary>
    public const string Put = $"""
        INSERT INTO availability ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (id) DO UPDATE SET
            total_bytes = ?2, max_duration = ?3, min_price = ?4, total_collateral = ?5, enabled = ?6, until = ?7,
            draining = ?8
        """;

    public static object?[] ValuesOf(StoredAvailability stored)
    {
        var (offer, isDraining) = stored;
        return
        [
            offer.Id.ToString(), offer.TotalBytes, offer.MaxDurationSeconds, offer.MinPricePerBytePerSecond,
            offer.TotalCollateral, !offer.IsDisabled, offer.Until, isDraining,
        ];
    }

    public static StoredAvailability Read(Rows row) => new(
        new Availability
        {
            Id = new AvailabilityId(row.Text()),
            TotalBytes = row.UInt64(),
            MaxDurationSeconds = row.UInt64(),
            MinPricePerBytePerSecond = row.Amount(),
            TotalCollateral = row.Amount(),
            IsDisabled = !row.Boolean(),
            Until = row.MomentOrNull(),
        },
        IsDraining: row.Boolean());
}
