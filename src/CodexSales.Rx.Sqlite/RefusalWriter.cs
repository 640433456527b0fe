using CodexSales.Rx.Sqlite.Tables;

namespace CodexSales.Rx.Sqlite;

/// <summary>Keeps the latest refusals in the file. Used by one thread.</summary>
internal sealed class RefusalWriter(SqliteConnection connection, WriteTransactions transactions) : IDisposable
{
    private readonly Statement _add = Statement.Put(connection, "refusal", RefusalTable.Columns);
    private readonly Statement _forget = new(
        connection, "DELETE FROM refusal WHERE number <= (SELECT max(number) FROM refusal) - ?1");

    /// <exception cref="SqliteException">Nothing was noted.</exception>
    public void Note(IReadOnlyList<Refusal> refusals, int most) => transactions.Run(() =>
    {
        foreach (var refusal in refusals)
        {
            _add.Execute(RefusalTable.ValuesOf(refusal));
        }

        _forget.Execute((long)most);
    });

    public void Dispose()
    {
        _forget.Dispose();
        _add.Dispose();
    }
}
