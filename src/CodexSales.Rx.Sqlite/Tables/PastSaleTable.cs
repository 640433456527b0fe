namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>How a sale that is over lies in its table: as while it ran, and always with how it ended.</summary>
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
