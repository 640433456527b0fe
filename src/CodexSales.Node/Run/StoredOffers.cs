using System.Diagnostics;
using CodexSales.Rx;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Run;

/// <summary>The books of a store, by the rules that hold while it sells: a pipeline that is never run keeps them.</summary>
internal sealed class StoredOffers : IDisposable
{
    private readonly SqliteSalesStore _store;
    private readonly SalesPipeline _pipeline;

    /// <param name="store">The store, which ends with this.</param>
    /// <param name="core">Where changes are made.</param>
    public StoredOffers(SqliteSalesStore store, IScheduler core)
    {
        _store = store;
        var ports = new DryPorts();
        _pipeline = new SalesPipeline(new NoMarket(), ports, ports, new SalesPipelineOptions(), core, store);
    }

    /// <summary>The books.</summary>
    public AvailabilityLedger Ledger => _pipeline.Availabilities;

    /// <summary>What is for sale, as the store has it.</summary>
    public IReadOnlyList<StoredAvailability> Remembered => _store.Load().Availabilities;

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipeline.Dispose();
        _store.Dispose();
    }

    // Nothing is asked as long as nothing is run.
    private sealed class NoMarket : IMarket
    {
        public Address Host => default;

        public IObservable<MarketEvent> Events => Observable.Never<MarketEvent>();

        public IObservable<BlockStamp> Heads => Observable.Never<BlockStamp>();

        public IObservable<BlockStamp> FinalHeads => Observable.Never<BlockStamp>();

        public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => throw NotRun();

        public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) => throw NotRun();

        public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) => throw NotRun();

        public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) => throw NotRun();

        public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
            IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) => throw NotRun();

        public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) => throw NotRun();

        public Task<TransactionOutcome> FillSlotAsync(
            SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) => throw NotRun();

        public Task<TransactionOutcome> SubmitProofAsync(
            SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) => throw NotRun();

        public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) => throw NotRun();

        private static UnreachableException NotRun() => new("The pipeline is not run.");
    }
}
