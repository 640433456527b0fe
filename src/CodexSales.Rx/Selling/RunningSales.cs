using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Selling;

/// <summary>The sales under way, live: each with its latest step, in the order in which they began.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>What happens</term><description>What subscribers see</description></listheader>
/// <item><term>A sale begins, or a restarted host finds it</term><description>Added, at the end</description></item>
/// <item><term>It comes to another state, or misses a proof</term><description>Updated</description></item>
/// <item><term>It has ended and is cleaned up</term><description>Removed</description></item>
/// <item><term>The pipeline is disposed</term><description>OnCompleted</description></item>
/// </list>
/// <para>
/// The cause of a change is the state that the sale came to. Threading: look and subscribe from any thread; notified on
/// the core scheduler, one at a time. Cost: O(log n) for each step; O(n) for a snapshot and so for a subscription.
/// </para>
/// </remarks>
#pragma warning disable CA1001 // The pipeline ends it; nobody else may.
public sealed class RunningSales
#pragma warning restore CA1001
{
    private readonly SortedObservableCache<SaleStep, long, SaleStateName> _cache;

    internal RunningSales(Action<Exception> subscriberFailed) =>
        _cache = new SortedObservableCache<SaleStep, long, SaleStateName>(
            step => step.Sale.Number,
            Comparer<SaleStep>.Create((left, right) => left.Sale.Number.CompareTo(right.Sale.Number)),
            subscriberFailed);

    /// <summary>The number of sales under way.</summary>
    public int Count => _cache.Count;

    /// <summary>The sales under way, as they are now: immutable and never torn.</summary>
    public CacheSnapshot<SaleStep> Snapshot => _cache.Snapshot;

    /// <summary>The ordered snapshot first, also when it is empty; then every change set.</summary>
    public IObservable<ChangeSet<SaleStep, long, SaleStateName>> Connect() => _cache.Connect();

    /// <summary>The same for a reader that asks, such as a web client's stream; see
    /// <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>.</summary>
    /// <param name="cancellationToken">Ends it: the reader gets an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<ChangeSet<SaleStep, long, SaleStateName>> ConnectAsync(
        CancellationToken cancellationToken = default) => _cache.ConnectAsync(cancellationToken);

    internal void Dispose() => _cache.Dispose();

    internal void Note(SaleStep step)
    {
        if (step.End is null)
        {
            _cache.AddOrUpdate(step, step.State);
        }
        else
        {
            _cache.Remove(step.Sale.Number, step.State);
        }
    }
}
