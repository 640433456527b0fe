using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>What a person does to a file with another program.</summary>
internal static class Sql
{
    [SuppressMessage("Security", "CA2100", Justification = "Every statement is a constant of a test.")]
    public static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
