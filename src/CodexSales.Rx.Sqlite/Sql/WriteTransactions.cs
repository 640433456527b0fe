using SQLitePCL;

namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>Does several things to the file, all of them or none.</summary>
internal sealed class WriteTransactions(SqliteConnection connection) : IDisposable
{
    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly Statement _commit = new(connection, "COMMIT");
    private readonly Statement _rollback = new(connection, "ROLLBACK");

    // Asked, not remembered: SQLite ends a transaction by itself when the disk is full or fails.
    private bool IsOpen => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <exception cref="SqliteException">Nothing was done.</exception>
    public void Run(Action work)
    {
        RollBack();
        _begin.Execute();
        try
        {
            work();
            _commit.Execute();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
    }

    private void RollBack()
    {
        if (IsOpen)
        {
            _rollback.Execute();
        }
    }
}
