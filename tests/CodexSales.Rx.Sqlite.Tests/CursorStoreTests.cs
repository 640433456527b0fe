namespace CodexSales.Rx.Sqlite.Tests;

public sealed class CursorStoreTests : IDisposable
{
    private static readonly BlockCursor _first = new(1, Bytes32.Parse("0x" + new string('1', 64)));
    private static readonly BlockCursor _last = new(ulong.MaxValue, Bytes32.Parse("0x" + new string('f', 64)));

    private readonly TemporaryFolder _folder = new();
    private SqliteSalesStore _store;

    public CursorStoreTests() => _store = Open();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_store_knows_no_block() => Assert.Empty(await _store.Cursor.LoadAsync(Cancellation));

    [Fact]
    public async Task The_blocks_that_were_saved_last_are_there_after_a_restart_by_their_heights()
    {
        await _store.Cursor.SaveAsync([_first, new BlockCursor(2, default)], Cancellation);
        await _store.Cursor.SaveAsync([_first, _last], Cancellation);

        _store.Dispose();
        _store = Open();

        Assert.Equal([_first, _last], await _store.Cursor.LoadAsync(Cancellation));
    }

    private SqliteSalesStore Open() =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales.db") });
}
