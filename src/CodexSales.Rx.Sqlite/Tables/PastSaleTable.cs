namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>A sale that is over as a row: as while it ran, and always with its end.</summary>
internal static class PastSaleTable
{
    public const string Columns = SaleTable.Columns;

    public static object?[] ValuesOf(PastSale past) => SaleTable.ValuesOf(past.Sale with { End = past.End });

    public static PastSale Read(Rows row)
    {
        var sale = SaleTable.Read(row);
        return new PastSale(sale with { End = null }, sale.End!);
    }
}
