using CodexSales.Rx.Selling;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>How a sale that is over lies in its table: as while it ran, and then how it ended.</summary>
internal static class PastSaleTable
{
    public const string Columns = SaleTable.Columns + ", reason, detail, earned, collateral_lost";

    public static Statement With(this Statement statement, PastSale past) => statement
        .With(past.Sale)
        .With(past.End.Reason)
        .With(past.End.Detail)
        .With(past.End.Earned)
        .With(past.End.CollateralLost);

    public static PastSale Read(Rows row) => new(
        SaleTable.Read(row), new SaleEnd(row.Case<SaleReason>(), row.Text(), row.Amount(), row.Amount()));
}
