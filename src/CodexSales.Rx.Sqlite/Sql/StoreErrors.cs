using SQLitePCL;

namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>Says in a sentence what the world does to a file; what only a bug can cause stays as it is.</summary>
internal static class StoreErrors
{
    public static bool IsDamage(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static bool IsFull(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_FULL || error.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE;

    public static string Detail(SqliteException error) =>
        $"{raw.sqlite3_errstr(error.SqliteErrorCode).utf8_to_string()}, code {error.SqliteExtendedErrorCode}";

    /// <summary>Does something with a file, and tells what went wrong of it.</summary>
    /// <exception cref="SalesStoreException">It went wrong.</exception>
    public static T Tell<T>(string subject, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (Sentence(e) is { } sentence)
        {
            throw new SalesStoreException($"{subject} {sentence} ({Detail(e)}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SalesStoreException($"{subject} can't be used: {e.Message}", e);
        }
    }

    public static void Tell(string subject, Action work) => Tell(subject, () =>
    {
        work();
        return true;
    });

    private static string? Sentence(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "has no more room: the disk is full",
        raw.SQLITE_READONLY => "can't be written: the file or its disk is read-only",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => "is locked for now by another program",
        raw.SQLITE_IOERR => "can't be used: the disk failed",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "can't be opened: its folder is missing, or the right to it is",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "is damaged: stop, and put a backup in its place",
        _ => null,
    };
}
