using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Resilience;

/// <summary>A store whose null is an error that names the member.</summary>
internal sealed class NoNullStore(ISalesStore store) : ISalesStore
{
    private const string Port = nameof(ISalesStore);

    /// <exception cref="SalesStoreException">It gives null, or what it gives has null in it.</exception>
    public StoredSales Load()
    {
        var stored = store.Load() ?? throw Unreadable("gives null");
        return stored is { Availabilities: not null, Sales: not null, Totals: not null, LostSlots: not null }
            && stored.Availabilities.All(saved => saved?.Availability is not null)
            && stored.Sales.All(sale => sale is not null)
            && stored.Totals.All(totals => totals is not null)
            && stored.LostSlots.All(slot => slot is not null)
                ? stored
                : throw Unreadable("gives null within what it gives");
    }

    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken) =>
        NoNull.Done(Port, store.SaveAsync(changes, cancellationToken));

    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before, int count, CancellationToken cancellationToken) =>
        NoNull.Answer(
            Port, store.ReadHistoryAsync(before, count, cancellationToken), history => history.Any(past => past is null));

    private static SalesStoreException Unreadable(string how) => new(NoNull.Error(Port, how, nameof(Load)).Message);
}
