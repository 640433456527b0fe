using CodexSales.Rx.Contracts.Storing;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Tests.Storing;

public sealed class MemorySalesStoreTests : SalesStoreContract
{
    protected override ISalesStore Begin(int historyCapacity = 1_000) => new MemorySalesStore(historyCapacity);

    protected override ISalesStore Restart(ISalesStore store) => store;
}
