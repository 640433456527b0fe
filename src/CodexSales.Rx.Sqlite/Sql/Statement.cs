using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>A prepared statement, whose parameters are <c>?1</c>, <c>?2</c> and so on.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    [SuppressMessage("Security", "CA2100", Justification = "Every statement is a constant of this project.")]
    public Statement(SqliteConnection connection, string sql) =>
        _command = new SqliteCommand(sql, connection);

    /// <summary>A statement that puts a row of a table in place of the one with the same key.</summary>
    public static Statement Put(SqliteConnection connection, string table, string columns) =>
        new(connection, $"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({Parameters(columns.Split(',').Length)})");

    /// <returns>How many rows it changed.</returns>
    public int Execute(params object?[] values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    public Rows Query(params object?[] values)
    {
        Bind(values);
        return new Rows(_command.ExecuteReader());
    }

    public void Dispose() => _command.Dispose();

    private void Bind(object?[] values)
    {
        var filled = 0;
        foreach (var column in values.SelectMany(ColumnsOf))
        {
            if (filled == _command.Parameters.Count)
            {
                _command.Parameters.Add(new SqliteParameter { ParameterName = ParameterName(filled + 1) });
            }

            _command.Parameters[filled++].Value = column;
        }
    }

    // All 64 bits of a number are kept: one over 2^63 − 1 is negative in the file. A case is kept by its name, because a new
    // one may come anywhere among the others.
    private static object[] ColumnsOf(object? value) => value switch
    {
        null => [DBNull.Value],
        long or string or byte[] => [value],
        ulong number => [unchecked((long)number)],
        bool flag => [flag ? 1L : 0L],
        UnixSeconds moment => [unchecked((long)moment.Value)],
        DateTimeOffset moment => [moment.UtcTicks],
        Enum name => [name.ToString()],
        UInt256 amount => [Bytes(Bytes32.Size, amount.WriteBigEndian)],
        Bytes32 bytes => [Bytes(Bytes32.Size, bytes.CopyTo)],
        Address account => [Bytes(Address.Size, account.CopyTo)],
        ImmutableArray<byte> bytes => [bytes.ToArray()],
        SlotKey slot => [.. ColumnsOf(slot.RequestId.Value), .. ColumnsOf(slot.SlotIndex)],
        SendingAccount sender => [.. ColumnsOf(sender.ChainId), .. ColumnsOf(sender.Account)],
        _ => throw new ArgumentException($"No column is of {value.GetType()}.", nameof(value)),
    };

    private static byte[] Bytes(int size, Action<Span<byte>> write)
    {
        var bytes = new byte[size];
        write(bytes);
        return bytes;
    }

    private static string Parameters(int count) =>
        string.Join(", ", Enumerable.Range(1, count).Select(ParameterName));

    private static string ParameterName(int number) => string.Create(CultureInfo.InvariantCulture, $"?{number}");
}
