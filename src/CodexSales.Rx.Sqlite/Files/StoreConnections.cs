using Microsoft.Data.Sqlite;

namespace CodexSales.Rx.Sqlite.Files;

/// <summary>The two connections to a store: one writes, and one reads beside it.</summary>
internal sealed class StoreConnections : IDisposable
{
    private StoreConnections(SqliteConnection writing, SqliteConnection reading) =>
        (Writing, Reading) = (writing, reading);

    public SqliteConnection Writing { get; }

    public SqliteConnection Reading { get; }

    /// <summary>Opens a store that is there, and takes it to the newest version.</summary>
    public static StoreConnections Open(string path)
    {
        var writing = Database.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            Schema.Migrate(writing, Schema.Migrations);

            // Readers and the writer do not wait for one another.
            writing.Execute("PRAGMA journal_mode = WAL");

            // The log takes about 1 MiB of the disk: small disks fill, too.
            writing.Execute("PRAGMA wal_autocheckpoint = 256");

            // What is saved is on the disk itself, not only with the operating system: what is remembered before it is
            // sent must not be forgotten when the power fails. The other two are for macOS, where a disk's cache is
            // emptied only on demand.
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

    // The writer last: it takes the log into the file.
    public void Dispose()
    {
        Reading.Dispose();
        Writing.Dispose();
    }
}
