using CodexSales.Rx.Contracts.Storing;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Sqlite.Tests;

public sealed class SqliteSalesStoreContractTests : SalesStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteSalesStore? _store;
    private int _capacity;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    protected override ISalesStore Begin(int historyCapacity = 1_000)
    {
        _capacity = historyCapacity;
        return Open();
    }

    protected override ISalesStore Restart(ISalesStore store)
    {
        _store!.Dispose();
        return Open();
    }

    private SqliteSalesStore Open() => _store = SqliteSalesStore.Open(
        new SqliteStoreOptions { Path = _folder.File("sales.db"), HistoryCapacity = _capacity });
}
