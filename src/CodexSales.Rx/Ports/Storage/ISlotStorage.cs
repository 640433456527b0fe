namespace CodexSales.Rx.Ports.Storage;

/// <summary>Fetches and keeps the data of slots. Supplied by the host app.</summary>
/// <remarks>
/// Threading: called from the pipeline's core scheduler, for several slots at once; the work itself belongs on a thread of the
/// host's. Answers and notifications may come on any thread.
/// </remarks>
public interface ISlotStorage
{
    /// <summary>
    /// Fetches a slot's data: cold, notifies how many bytes of the slot are written in all, and completes when they all
    /// are and the data can be proved. An error says why that can't be; to unsubscribe cancels the work. One that completes
    /// before it has told of all bytes, or tells of more than there are, has failed.
    /// </summary>
    IObservable<ulong> Store(SlotDownload download);

    /// <summary>Keeps data that is stored already until a later moment.</summary>
    Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken = default);

    /// <summary>Deletes a slot's data, also if it is incomplete; succeeds when there is none. The space is sold again
    /// only after this has succeeded.</summary>
    Task ClearAsync(SlotKey slot, CancellationToken cancellationToken = default);
}
