namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>The totals of an availability as a row.</summary>
internal static class SoldTable
{
    public const string Columns = "availability, paid, earned, slashed, lost";

    public static object?[] ValuesOf(SoldTotals totals) =>
        [totals.AvailabilityId?.ToString() ?? "", totals.Paid, totals.Earned, totals.Slashed, totals.Lost];

    public static SoldTotals Read(Rows row) => new(
        row.Text() is { Length: > 0 } name ? new AvailabilityId(name) : null,
        row.Int64(), row.Amount(), row.Amount(), row.Amount());
}
