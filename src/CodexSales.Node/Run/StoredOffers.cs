using CodexSales.Node.Replay;
using CodexSales.Rx;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Testing.Contract;
using CodexSales.Rx.Testing.Work;

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
        _pipeline = new SalesPipeline(
            market, new SimulatedStorage(core), new SimulatedProver(core), new SalesPipelineOptions(), core, store);
    }

    public AvailabilityLedger Ledger => _pipeline.Availabilities;

    public IEnumerable<AvailabilityId> Remembered => _store.Load().Availabilities.Select(stored => stored.Availability.Id);

    public void Dispose()
    {
        _pipeline.Dispose();
        _store.Dispose();
    }
}
