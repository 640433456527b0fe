using CodexSales.Rx.Local.Files;
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
            OwnerOnly.CreateFolder(Path.GetDirectoryName(path)!);
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
}
