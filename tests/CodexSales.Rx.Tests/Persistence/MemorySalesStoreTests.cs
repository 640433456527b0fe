using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Tests.Persistence;

public sealed class MemorySalesStoreTests
{
    [Fact]
    public Task It_keeps_the_rules_of_a_store() => PortContract.CheckStoreAsync(
        capacity => new MemorySalesStore(capacity), store => store, new VirtualTime());
}
