namespace CodexSales.Rx.Tests.Persistence;

/// <summary>A store in memory of which a test says what becomes of a write.</summary>
internal sealed class HookedStore(Func<Func<Task>, Task> save) : ISalesStore
{
    private readonly MemorySalesStore _store = new();

    public StoredSales Load() => _store.Load();

    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation) =>
        save(() => _store.SaveAsync(changes, cancellation));

    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
        _store.ReadHistoryAsync(before, count, cancellation);
}
