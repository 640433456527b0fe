using CodexSales.Node.Replay;
using CodexSales.Rx;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Node.Run;

/// <summary>The books of a store, by the rules that hold while it sells: a pipeline that is never run keeps them.</summary>
internal sealed class StoredOffers : IDisposable
{
    private readonly SqliteSalesStore _store;
    private readonly SalesPipeline _pipeline;

    /// <param name="store">The store, which ends with this.</param>
    public StoredOffers(SqliteSalesStore store, IScheduler core)
    {
        _store = store;
        var market = new ObservedMarket(new SimulatedChainOptions().Rules);
        var ports = new DryPorts();
        _pipeline = new SalesPipeline(market, ports, ports, new SalesPipelineOptions(), core, store);
    }

    public AvailabilityLedger Ledger => _pipeline.Availabilities;

    public IReadOnlyList<StoredAvailability> Remembered => _store.Load().Availabilities;

    public void Dispose()
    {
        _pipeline.Dispose();
        _store.Dispose();
    }
}
