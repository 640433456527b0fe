using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Run;

/// <summary>The store, in the folder of <c>--data</c>.</summary>
internal static class SalesFile
{
    public static string In(string folder) => Path.Combine(folder, "sales.db");

    /// <summary>Opens it, and makes folder and file where they are not there.</summary>
    /// <exception cref="CannotSellException">It can't be used, or another process has it.</exception>
    public static SqliteSalesStore Open(string folder)
    {
        try
        {
            OwnerOnly.CreateFolder(folder);
            return SqliteSalesStore.Open(new SqliteStoreOptions { Path = In(folder) });
        }
        catch (Exception unusable)
            when (unusable is SalesStoreException or IOException or UnauthorizedAccessException)
        {
            throw new CannotSellException($"--data: {unusable.Message}", unusable);
        }
    }
}
