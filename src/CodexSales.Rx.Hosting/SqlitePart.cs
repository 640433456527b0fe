using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Hosting;

/// <summary>The store in a SQLite file.</summary>
internal static class SqlitePart
{
    public static ISalesStore Open(PartContext context)
    {
        var settings = context.Options.Sqlite;
        var path = Path.GetFullPath(settings.Path!);
        try
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            return context.Own(SqliteSalesStore.Open(new SqliteStoreOptions
            {
                Path = path,
                HistoryCapacity = settings.HistoryCapacity,
                StartEmptyWhenDamaged = settings.StartEmptyWhenDamaged,
            }));
        }
        catch (Exception unusable) when (unusable is SalesStoreException or IOException or UnauthorizedAccessException)
        {
            throw new CannotSellException($"{context.Key("Sqlite:Path")}: {unusable.Message}", unusable);
        }
    }

    // Nobody but its owner may look into it; one that is there stays as its owner has it.
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
