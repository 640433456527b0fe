using System.Runtime.InteropServices;

namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>The rows that a statement found. The columns of a row are read from left to right.</summary>
internal sealed class Rows(SqliteDataReader reader) : IDisposable
{
    private readonly byte[] _bytes = new byte[Bytes32.Size];
    private int _column;

    public bool Next()
    {
        _column = 0;
        return reader.Read();
    }

    public long Int64() => reader.GetInt64(_column++);

    public ulong UInt64() => unchecked((ulong)Int64());

    public ulong? UInt64OrNull() => SkipNull() ? null : UInt64();

    public bool Boolean() => Int64() != 0;

    public UnixSeconds Moment() => new(UInt64());

    public UnixSeconds? MomentOrNull() => SkipNull() ? null : Moment();

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => SkipNull() ? null : Text();

    public UInt256 Amount() => UInt256.FromBigEndian(ThirtyTwoBytes());

    public UInt256? AmountOrNull() => SkipNull() ? null : Amount();

    public Bytes32 Bytes() => new(ThirtyTwoBytes());

    public Bytes32? BytesOrNull() => SkipNull() ? null : Bytes();

    public ImmutableArray<byte> AllBytes() =>
        ImmutableCollectionsMarshal.AsImmutableArray(reader.GetFieldValue<byte[]>(_column++));

    public DateTimeOffset Instant() => new(Int64(), TimeSpan.Zero);

    public T NumberedCase<T>()
        where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), Int64());
        return Enum.IsDefined(value)
            ? value
            : throw new SalesStoreException($"The store says '{value}', which is no {typeof(T).Name} that is known.");
    }

    public T Case<T>()
        where T : struct, Enum
    {
        var name = Text();
        return Enum.TryParse<T>(name, out var value)
            ? value
            : throw new SalesStoreException($"The store says '{name}', which is no {typeof(T).Name} that is known.");
    }

    /// <summary>Goes on to the next column if there is nothing in this one.</summary>
    public bool SkipNull()
    {
        var isNull = reader.IsDBNull(_column);
        _column += isNull ? 1 : 0;
        return isNull;
    }

    public List<T> All<T>(Func<Rows, T> read)
    {
        var all = new List<T>();
        while (Next())
        {
            all.Add(read(this));
        }

        return all;
    }

    public void Dispose() => reader.Dispose();

    private byte[] ThirtyTwoBytes()
    {
        reader.GetBytes(_column++, 0, _bytes, 0, _bytes.Length);
        return _bytes;
    }
}
