namespace CodexSales.Rx.Sqlite;

/// <summary>By which blocks the chain is known again, in the file of a <see cref="SqliteSalesStore"/>.</summary>
internal sealed class SqliteCursorStore(SqliteSalesStore store, WriteTransactions transactions) : ICursorStore
{
    public Task<IReadOnlyList<BlockCursor>> LoadAsync(CancellationToken cancellationToken) =>
        store.WriteAsync(Load, cancellationToken);

    public Task SaveAsync(IReadOnlyList<BlockCursor> blocks, CancellationToken cancellationToken) => store.WriteAsync(
        () => transactions.Run(() =>
        {
            using var clear = new Statement(store.Writing, "DELETE FROM known_block");
            clear.Execute();
            using var put = Statement.Put(store.Writing, "known_block", "number, hash");
            foreach (var block in blocks)
            {
                put.Execute(block.Number, block.Hash);
            }
        }),
        cancellationToken);

    private IReadOnlyList<BlockCursor> Load()
    {
        using var statement = new Statement(store.Writing, "SELECT number, hash FROM known_block");
        using var rows = statement.Query();
        var blocks = rows.All(row => new BlockCursor(row.UInt64(), row.Bytes()));

        // Heights above 2^63 - 1 are negative ones in the file.
        return [.. blocks.OrderBy(block => block.Number)];
    }
}
