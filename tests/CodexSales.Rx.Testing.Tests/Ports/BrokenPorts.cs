using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Tests.Ports;

/// <summary>Storage that does in its own way what a test says, and else as it should.</summary>
internal sealed class BrokenStorage(ISlotStorage storage) : ISlotStorage
{
    public Func<SlotDownload, IObservable<ulong>, IObservable<ulong>> OnStore { get; init; } = (_, real) => real;

    public Func<Func<CancellationToken, Task>, SlotKey, CancellationToken, Task> OnKeep { get; init; } = (real, _, ct) => real(ct);

    public Func<Func<CancellationToken, Task>, SlotKey, CancellationToken, Task> OnClear { get; init; } = (real, _, ct) => real(ct);

    public IObservable<ulong> Store(SlotDownload download) => OnStore(download, storage.Store(download));

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        OnKeep(ct => storage.KeepUntilAsync(slot, until, ct), slot, cancellation);

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) =>
        OnClear(ct => storage.ClearAsync(slot, ct), slot, cancellation);
}

/// <summary>The same of a prover.</summary>
internal sealed class BrokenProver(Func<SlotKey, Bytes32, CancellationToken, Task<Groth16Proof>> prove) : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        prove(slot, challenge, cancellation);
}

/// <summary>The same of a market.</summary>
internal sealed class BrokenMarket(IMarket market) : DelegatingMarket(market)
{
    public Func<IObservable<MarketEvent>, IObservable<MarketEvent>> OnEvents { get; init; } = real => real;

    public Func<IObservable<BlockStamp>, IObservable<BlockStamp>> OnHeads { get; init; } = real => real;

    public Func<IObservable<BlockStamp>, IObservable<BlockStamp>> OnFinalHeads { get; init; } = real => real;

    public Func<Func<BlockStamp, Task<SlotView>>, BlockStamp, Task<SlotView>> OnSlot { get; init; } = (real, asOf) => real(asOf);

    public Func<Task<IReadOnlyList<SlotId>>, Task<IReadOnlyList<SlotId>>> OnMySlots { get; init; } = real => real;

    public Func<Func<Task<TransactionOutcome>>, Task<TransactionOutcome>> OnFill { get; init; } = real => real();

    public override IObservable<MarketEvent> Events => OnEvents(base.Events);

    public override IObservable<BlockStamp> Heads => OnHeads(base.Heads);

    public override IObservable<BlockStamp> FinalHeads => OnFinalHeads(base.FinalHeads);

    public override Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        OnSlot(block => base.GetSlotAsync(slot, block, cancellation), asOf);

    public override Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        OnMySlots(base.GetMySlotsAsync(asOf, cancellation));

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        OnFill(() => base.FillSlotAsync(slot, proof, collateral, cancellation));
}

/// <summary>The same of a store, on top of one in memory.</summary>
internal sealed class BrokenStore(int historyCapacity = 1_000) : ISalesStore
{
    private readonly MemorySalesStore _store = new(historyCapacity);

    public Func<MemorySalesStore, IReadOnlyList<StoreChange>, CancellationToken, Task> OnSave { get; init; } =
        (real, changes, ct) => real.SaveAsync(changes, ct);

    public Func<StoredSales, StoredSales> OnLoad { get; init; } = real => real;

    public Func<IReadOnlyList<PastSale>, IReadOnlyList<PastSale>> OnHistory { get; init; } = real => real;

    public StoredSales Load() => OnLoad(_store.Load());

    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation) =>
        OnSave(_store, changes, cancellation);

    public async Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
        OnHistory(await _store.ReadHistoryAsync(before, count, cancellation));
}
