namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>The tables of a store, and how those of an older version become today's.</summary>
internal static class Schema
{
    /// <summary>Marks a file as a store of ours: "CdxS".</summary>
    public const int ApplicationId = 0x43647853;

    /// <summary>The step from each version to the next, the first from an empty file. None ever changes.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [.. ReadMigrations()];

    /// <summary>Takes a file to the newest version; each step wholly or not at all.</summary>
    /// <exception cref="StoreIsNewerException">The file is of a newer version.</exception>
    public static void Migrate(SqliteConnection connection, IReadOnlyList<string> migrations)
    {
        using var transactions = new WriteTransactions(connection);
        for (var version = ThrowIfNewer(connection, migrations); version < migrations.Count; version++)
        {
            transactions.Run(() =>
            {
                connection.Execute(migrations[version]);
                connection.Execute($"PRAGMA user_version = {version + 1}");
            });
        }
    }

    /// <summary>The version of a file.</summary>
    /// <exception cref="StoreIsNewerException">It is newer than the newest that is known.</exception>
    public static int ThrowIfNewer(SqliteConnection connection, IReadOnlyList<string> migrations)
    {
        var version = (int)connection.ReadNumber("PRAGMA user_version");
        return version <= migrations.Count
            ? version
            : throw new StoreIsNewerException(
                $"The store '{connection.DataSource}' has version {version}, but this program knows versions up to "
                + $"{migrations.Count} only: use the newer program that wrote it.");
    }

    private static IEnumerable<string> ReadMigrations()
    {
        var assembly = typeof(Schema).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
