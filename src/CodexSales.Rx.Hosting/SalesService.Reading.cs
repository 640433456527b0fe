using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Refusals;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Hosting;

/// <summary>What can be asked of the host, beside selling.</summary>
internal sealed partial class SalesService
{
    private const int MostRefusalsKept = 10_000;

    private static readonly TimeSpan RefusalsAreNotedAfter = TimeSpan.FromSeconds(10);

    private readonly RefusalBook _refusals = new();
    private readonly SerialDisposable _noting = new();

    /// <inheritdoc/>
    public CodexSalesOptions Options => _lives.Value?.Options ?? _options;

    /// <inheritdoc/>
    public ChainStatus Chain => Life.ReadChain();

    /// <inheritdoc/>
    public IReadOnlyList<RefusalTally> RefusalTallies => _refusals.Tallies;

    /// <inheritdoc/>
    public Task<HostBalances?> ReadBalancesAsync(CancellationToken cancellationToken = default) =>
        Life.ReadBalancesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostTransaction>> ReadTransactionsAsync(
        ulong before = ulong.MaxValue, int count = 100, bool isInFlight = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Life.ReadTransactionsAsync(before, count, isInFlight, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredPastSale>> ReadHistoryAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (Life.Store as SqliteSalesStore)?.ReadPastSalesAsync(before, count, cancellationToken)
            ?? throw new InvalidOperationException("There is no store, so that past sales are forgotten; UseSqlite() chooses one.");
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredRefusal>> ReadRefusalsAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (Life.Store as SqliteSalesStore)?.ReadRefusalsAsync(before, count, cancellationToken)
            ?? throw new InvalidOperationException("There is no store, so that refusals are counted and forgotten; UseSqlite() chooses one.");
    }

    private void NoteRefusal(Refusal refusal)
    {
        if (_refusals.Note(refusal))
        {
            _noting.Disposable = _core.Schedule(RefusalsAreNotedAfter, () => _ = WriteRefusalsAsync());
        }
    }

    // They are for people: what a store that fails, or is closed, does not take is counted, and is gone. It is told that it fails
    // when a sale has to be written.
    private async Task WriteRefusalsAsync()
    {
        var taken = _refusals.Take();
        if (_lives.Value?.Store is not SqliteSalesStore store)
        {
            return;
        }

        try
        {
            await store.NoteRefusalsAsync(taken, MostRefusalsKept, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is SalesStoreException or ObjectDisposedException)
        {
            // See above.
        }
    }
}
