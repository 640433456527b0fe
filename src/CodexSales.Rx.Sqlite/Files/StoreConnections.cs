using SQLitePCL;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>The two connections to a store: one writes, and one reads beside it.</summary>
internal sealed class StoreConnections : IDisposable
{
    private StoreConnections(SqliteConnection writing, SqliteConnection reading) =>
        (Writing, Reading) = (writing, reading);

    public SqliteConnection Writing { get; }

    public SqliteConnection Reading { get; }

    /// <exception cref="SalesStoreException">It may not be written, or a newer program wrote it.</exception>
    public static StoreConnections Open(string path)
    {
        var writing = Database.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            // SQLite opens a file that may only be read as well, and would say so when it is written.
            if (raw.sqlite3_db_readonly(writing.Handle, "main") == 1)
            {
                throw new SalesStoreException($"The store '{path}' can't be written: the file or its disk is read-only.");
            }

            Schema.Migrate(writing, Schema.Migrations);

            // Readers and the writer do not wait for one another.
            writing.Execute("PRAGMA journal_mode = WAL");

            // The log takes about 1 MiB of the disk: small disks fill, too.
            writing.Execute("PRAGMA wal_autocheckpoint = 256");

            // Saved changes are on the disk itself: a transaction that was noted before it was sent must outlive a loss of
            // power. The other two are for macOS, where a disk's cache is emptied only on demand.
            writing.Execute("PRAGMA synchronous = FULL");
            writing.Execute("PRAGMA fullfsync = ON");
            writing.Execute("PRAGMA checkpoint_fullfsync = ON");
            return new StoreConnections(writing, Database.Open(path, SqliteOpenMode.ReadOnly));
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    /// <summary>Closes both, and leaves the log beside the file: what it has of a full disk is there for who opens it again.</summary>
    public void DisposeWithLog()
    {
        // The last one that has the log takes it into the file and deletes it, unless it may only read: so the reader has to have it.
        try
        {
            Reading.ReadNumber("PRAGMA user_version");
            Writing.Dispose();
        }
        catch (SqliteException)
        {
            // The disk fails: they are closed in the usual order.
        }

        Dispose();
    }

    // The writer last: it takes the log into the file, and deletes it.
    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
    }
}
