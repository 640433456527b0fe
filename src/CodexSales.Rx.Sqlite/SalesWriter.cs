using System.Diagnostics;
using CodexSales.Rx.Sqlite.Tables;

namespace CodexSales.Rx.Sqlite;

/// <summary>Makes changes to the file. Used by one thread.</summary>
internal sealed class SalesWriter(SqliteConnection connection, WriteTransactions transactions, int historyCapacity)
    : IDisposable
{
    private readonly Statement _putAvailability = new(connection, AvailabilityTable.Put);
    private readonly Statement _removeAvailability = new(connection, "DELETE FROM availability WHERE id = ?1");
    private readonly Statement _putSale = Statement.Put(connection, "sale", SaleTable.Columns);
    private readonly Statement _removeSale = new(connection, "DELETE FROM sale WHERE number = ?1");
    private readonly GasWriter _gas = new(connection);
    private readonly Statement _putPastSale = Statement.Put(connection, "past_sale", PastSaleTable.Columns);
    private readonly Statement _removePastSale = new(connection, "DELETE FROM past_sale WHERE number = ?1");
    private readonly Statement _putSold = Statement.Put(connection, "sold", SoldTable.Columns);
    private readonly Statement _forget = new(
        connection, "DELETE FROM past_sale WHERE number IN (SELECT number FROM past_sale ORDER BY number LIMIT ?1)");

    // To count a million rows takes long, so it is done once. Unknown after a failure.
    private long? _pastSales;

    /// <exception cref="SqliteException">Nothing was changed.</exception>
    public void Save(IReadOnlyList<StoreChange> changes)
    {
        try
        {
            transactions.Run(() => Make(changes));
        }
        catch
        {
            _pastSales = null;
            throw;
        }
    }

    public void Dispose()
    {
        _forget.Dispose();
        _putSold.Dispose();
        _removePastSale.Dispose();
        _putPastSale.Dispose();
        _gas.Dispose();
        _removeSale.Dispose();
        _putSale.Dispose();
        _removeAvailability.Dispose();
        _putAvailability.Dispose();
    }

    private void Make(IReadOnlyList<StoreChange> changes)
    {
        foreach (var change in changes)
        {
            Make(change);
        }

        if (_pastSales > historyCapacity)
        {
            _pastSales -= _forget.Execute(_pastSales.Value - historyCapacity);
        }
    }

    private void Make(StoreChange change)
    {
        switch (change)
        {
            case AvailabilitySaved saved:
                _putAvailability.Execute(AvailabilityTable.ValuesOf(saved.Availability));
                break;
            case AvailabilityRemoved removed:
                _removeAvailability.Execute(removed.Id.ToString());
                break;
            case SaleSaved saved:
                _putSale.Execute(SaleTable.ValuesOf(saved.Sale));
                break;
            case SaleClosed closed:
                Close(closed);
                break;
            default:
                throw new UnreachableException($"{change} is no change of a store.");
        }
    }

    private void Close(SaleClosed closed)
    {
        var number = closed.Sale.Sale.Number;
        _pastSales ??= connection.ReadNumber("SELECT count(*) FROM past_sale");
        _removeSale.Execute(number);
        var spent = _gas.Close(number, closed.Sale.Sale.Slot);
        _pastSales -= _removePastSale.Execute(number);
        _putPastSale.Execute(PastSaleTable.ValuesOf(closed.Sale, spent));
        _pastSales += 1;
        _putSold.Execute(SoldTable.ValuesOf(closed.Totals));
    }
}
