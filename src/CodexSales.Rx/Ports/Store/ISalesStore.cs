namespace CodexSales.Rx.Ports.Store;

/// <summary>The provider's memory: availabilities, the sales that run, and the results of the others.</summary>
/// <remarks>
/// <para>
/// The pipeline decides in memory and saves each decision before it acts on it. It has at most one
/// <see cref="SaveAsync"/> under way; later decisions follow as one batch. The chain's state is not kept here: at the
/// start the pipeline asks for it, and the chain's answer wins.
/// </para>
/// <para>
/// Threading: <see cref="Load"/> is called once, before everything else, in the pipeline's constructor;
/// <see cref="SaveAsync"/> on the core scheduler, so it must not block; <see cref="ReadHistoryAsync"/> at any time.
/// </para>
/// </remarks>
public interface ISalesStore
{
    /// <summary>Everything that was saved, as of the last change.</summary>
    /// <exception cref="SalesStoreException">It can't be read; the message says why.</exception>
    StoredSales Load();

    /// <summary>Makes changes in their order, all of them or none; durable once the task has completed.</summary>
    /// <remarks>
    /// Fails with <see cref="SalesStoreException"/> when they can't be written for now: then nothing has changed, and
    /// the pipeline tries again, with the same changes and perhaps more, for as long as it runs.
    /// </remarks>
    Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken = default);

    /// <summary>The sales that have ended, the one with the highest number first.</summary>
    /// <param name="before">Only those with a number below this one; <see cref="long.MaxValue"/> for the
    /// newest.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before, int count, CancellationToken cancellationToken = default);
}
