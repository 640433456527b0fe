namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>A sale that is over as a row: as while it ran, always with its end, and with what it has cost.</summary>
internal static class PastSaleTable
{
    public const string Columns = SaleTable.Columns + ", spent";

    public static object?[] ValuesOf(PastSale past, UInt256 spent) => [.. SaleTable.ValuesOf(past.Sale with { End = past.End }), spent];

    public static (PastSale Past, UInt256? Spent) Read(Rows row)
    {
        var sale = SaleTable.Read(row);
        return (new PastSale(sale with { End = null }, sale.End!), row.AmountOrNull());
    }
}
