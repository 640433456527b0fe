namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>Connections to a file, and statements without parameters on them.</summary>
internal static class Database
{
    // Nobody but us writes to the file. A person who looks into it with another program may lock it for a moment; the
    // pipeline tries again by itself.
    private const int BusySeconds = 1;

    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        statement.Execute();
    }

    public static long ReadNumber(this SqliteConnection connection, string sql) =>
        long.Parse(connection.ReadText(sql), CultureInfo.InvariantCulture);

    public static string ReadText(this SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        using var rows = statement.Query();
        rows.Next();
        return rows.Text();
    }
}
