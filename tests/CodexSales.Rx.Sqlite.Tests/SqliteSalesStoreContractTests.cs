namespace CodexSales.Rx.Sqlite.Tests;

public sealed class SqliteSalesStoreContractTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteSalesStore? _store;
    private int _files;
    private int _capacity;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public Task It_keeps_the_rules_of_a_store() => PortContract.CheckStoreAsync(Begin, _ => Open(), new VirtualTime());

    private SqliteSalesStore Begin(int capacity)
    {
        (_files, _capacity) = (_files + 1, capacity);
        return Open();
    }

    private SqliteSalesStore Open()
    {
        _store?.Dispose();
        return _store = SqliteSalesStore.Open(new SqliteStoreOptions
        {
            Path = _folder.File(string.Create(CultureInfo.InvariantCulture, $"sales{_files}.db")),
            HistoryCapacity = _capacity,
        });
    }
}
