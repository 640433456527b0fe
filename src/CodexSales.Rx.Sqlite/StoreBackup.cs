using CodexSales.Rx.Sqlite.Files;

namespace CodexSales.Rx.Sqlite;

/// <summary>Copies stores that this process has not open: out of one that another process may be using, and back.</summary>
public static class StoreBackup
{
    /// <summary>Copies a store as it is at one moment, also while another process sells from it.</summary>
    /// <param name="store">The file of the store.</param>
    /// <param name="path">Where to; nothing may be there yet. It appears once it is whole, and only its owner may read it.</param>
    /// <remarks>Blocks. The process that has the store goes on writing meanwhile.</remarks>
    /// <exception cref="SalesStoreException">There is no store, something is at the path already, or a disk fails.</exception>
    public static void Make(string store, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        store = StoreFile.Resolve(store);
        StoreErrors.Tell($"The store '{store}'", () =>
        {
            ThrowUnlessStore(store);
            using var connection = Database.Open(store, SqliteOpenMode.ReadOnly);
            using var reader = new SalesReader(connection);
            StoreErrors.Tell($"The backup '{path}'", () => reader.BackUp(path));
        });
    }

    /// <summary>Puts a copy where a store is to be, and nothing is.</summary>
    /// <param name="backup">A whole copy, as <see cref="Make"/> or <see cref="SqliteSalesStore.BackupAsync"/> makes it. It stays.</param>
    /// <param name="store">The file that it becomes, in a folder that exists.</param>
    /// <remarks>Blocks, and reads the whole copy to see that it is whole.</remarks>
    /// <exception cref="SalesStoreException">
    /// A process has the store, there is one already, the copy is none, damaged or of a newer program, or a disk fails. Nothing has changed.
    /// </exception>
    public static void Restore(string backup, string store)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        ArgumentException.ThrowIfNullOrWhiteSpace(store);
        store = StoreFile.Resolve(store);
        StoreErrors.Tell($"The backup '{backup}'", () =>
        {
            ThrowUnlessStore(backup);
            if (StoreFile.FindDamageOf(backup) is { } damage)
            {
                throw new SalesStoreException($"The backup '{backup}' {damage}.");
            }

            using var connection = Database.Open(backup, SqliteOpenMode.ReadOnly);
            Schema.ThrowIfNewer(connection, Schema.Migrations);
            using var reader = new SalesReader(connection);
            StoreErrors.Tell($"The store '{store}'", () => PutInPlace(reader, store));
        });
    }

    private static void PutInPlace(SalesReader reader, string store)
    {
        using var held = StoreLock.Take(store);
        if (StoreFile.FindContents(store) is { } there)
        {
            throw new SalesStoreException($"Nothing is restored: '{there}' is there already, and would be lost.");
        }

        StoreFile.Delete(store);
        reader.BackUp(store);
        held.RememberStore();
    }

    private static void ThrowUnlessStore(string path)
    {
        if (FileHeader.Read(path) is not { } header)
        {
            throw new SalesStoreException($"There is no file '{path}'.");
        }

        if (!header.IsStore)
        {
            throw new SalesStoreException($"The file '{path}' is no store of sales.");
        }
    }
}
