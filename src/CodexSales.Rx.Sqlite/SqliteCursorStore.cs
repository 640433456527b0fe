using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Sqlite;

/// <summary>How far the chain was read, in the file of a <see cref="SqliteSalesStore"/>.</summary>
internal sealed class SqliteCursorStore(SqliteSalesStore store) : ICursorStore
{
    public Task<BlockCursor?> LoadAsync(CancellationToken cancellation) => store.WriteAsync(Load, cancellation);

    public Task SaveAsync(BlockCursor cursor, CancellationToken cancellation) => store.WriteAsync(
        () =>
        {
            using var put = new Statement(
                store.Writing, "INSERT OR REPLACE INTO cursor (only_one, number, hash) VALUES (1, ?1, ?2)");
            put.Bind().With(cursor.Number).With(cursor.Hash).Execute();
        },
        cancellation);

    private BlockCursor? Load()
    {
        using var statement = new Statement(store.Writing, "SELECT number, hash FROM cursor");
        using var rows = statement.Query();
        return rows.Next() ? new BlockCursor(rows.UInt64(), rows.Bytes()) : null;
    }
}
