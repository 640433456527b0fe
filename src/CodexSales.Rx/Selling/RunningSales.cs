using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The sales that are under way, each with its latest step, in the order in which they began. They can be subscribed to
/// live.
/// </summary>
/// <remarks>
/// A sale enters with its first step and leaves when it has ended and is cleaned up; the cause of a change is the state
/// that the sale came to. Threading: look and subscribe from any thread; notified on the core scheduler.
/// </remarks>
public sealed class RunningSales : IDisposable
{
    private readonly SortedObservableCache<SaleStep, long, SaleStateName> _cache;

    internal RunningSales(Action<Exception> subscriberFailed) =>
        _cache = new SortedObservableCache<SaleStep, long, SaleStateName>(
            step => step.Sale.Number,
            Comparer<SaleStep>.Create((left, right) => left.Sale.Number.CompareTo(right.Sale.Number)),
            subscriberFailed);

    /// <summary>How many sales are under way.</summary>
    public int Count => _cache.Count;

    /// <summary>The sales under way, as they are now: immutable and never torn.</summary>
    public CacheSnapshot<SaleStep> Snapshot => _cache.Snapshot;

    /// <summary>The ordered snapshot first, also when it is empty; then every change set.</summary>
    public IObservable<ChangeSet<SaleStep, long, SaleStateName>> Connect() => _cache.Connect();

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

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
