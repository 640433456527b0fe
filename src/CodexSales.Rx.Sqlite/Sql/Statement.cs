using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>
/// A prepared statement. Its parameters are <c>?1</c>, <c>?2</c> and so on, and are filled from left to right.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private int _filled;

    [SuppressMessage("Security", "CA2100", Justification = "Every statement is a constant of this project.")]
    public Statement(SqliteConnection connection, string sql) =>
        _command = new SqliteCommand(sql, connection);

    /// <summary>A statement that puts a row of a table in place of the one with the same key.</summary>
    public static Statement Put(SqliteConnection connection, string table, string columns) =>
        new(connection, $"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({Parameters(columns.Split(',').Length)})");

    /// <summary>Begins with the first parameter.</summary>
    public Statement Bind()
    {
        _filled = 0;
        return this;
    }

    public Statement With(long value) => Fill(value);

    /// <summary>All 64 bits are kept: a number over 2^63 − 1 is a negative one in the file.</summary>
    public Statement With(ulong value) => Fill(unchecked((long)value));

    public Statement With(ulong? value) => value is { } number ? With(number) : Fill(DBNull.Value);

    public Statement With(bool value) => Fill(value ? 1L : 0L);

    public Statement With(UnixSeconds value) => With(value.Value);

    public Statement With(UnixSeconds? value) => value is { } moment ? With(moment) : Fill(DBNull.Value);

    public Statement With(string? value) => Fill(value ?? (object)DBNull.Value);

    public Statement With(UInt256 value)
    {
        var bytes = new byte[Bytes32.Size];
        value.WriteBigEndian(bytes);
        return Fill(bytes);
    }

    public Statement With(UInt256? value) => value is { } amount ? With(amount) : Fill(DBNull.Value);

    public Statement With(Bytes32 value)
    {
        var bytes = new byte[Bytes32.Size];
        value.CopyTo(bytes);
        return Fill(bytes);
    }

    public Statement With(SlotKey value) => With(value.RequestId.Value).With(value.SlotIndex);

    public Statement With(Bytes32? value) => value is { } bytes ? With(bytes) : Fill(DBNull.Value);

    public Statement With(Address value)
    {
        var bytes = new byte[Address.Size];
        value.CopyTo(bytes);
        return Fill(bytes);
    }

    public Statement With(ImmutableArray<byte> value) => Fill(value.ToArray());

    public Statement With(DateTimeOffset value) => With(value.UtcTicks);

    public Statement With(DateTimeOffset? value) => value is { } moment ? With(moment) : Fill(DBNull.Value);

    /// <summary>A case by its name: a new case may come anywhere among the others.</summary>
    public Statement With<T>(T value)
        where T : struct, Enum => Fill(value.ToString());

    /// <returns>How many rows it changed.</returns>
    public int Execute() => _command.ExecuteNonQuery();

    public Rows Query() => new(_command.ExecuteReader());

    public void Dispose() => _command.Dispose();

    private Statement Fill(object value)
    {
        if (_filled == _command.Parameters.Count)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = ParameterName(_filled + 1) });
        }

        _command.Parameters[_filled++].Value = value;
        return this;
    }

    private static string Parameters(int count) =>
        string.Join(", ", Enumerable.Range(1, count).Select(ParameterName));

    private static string ParameterName(int number) => string.Create(CultureInfo.InvariantCulture, $"?{number}");
}
