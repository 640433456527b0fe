namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>A refusal as a row. SQLite gives it its number.</summary>
internal static class RefusalTable
{
    public const string Columns = "at, request_id, slot_index, reason, detail, offered, bound";

    public static object?[] ValuesOf(Refusal refusal) =>
    [
        refusal.At, refusal.RequestId.Value, refusal.SlotIndex, refusal.Reason, refusal.Detail, refusal.Offered, refusal.Limit,
    ];

    /// <summary>Reads a number, and the columns.</summary>
    public static (long Number, Refusal Refusal) Read(Rows row) => (
        row.Int64(),
        new Refusal(row.Moment(), new RequestId(row.Bytes()), row.UInt64OrNull(), row.Case<RefusalReason>(), row.Text())
        {
            Offered = row.AmountOrNull(),
            Limit = row.AmountOrNull(),
        });
}
