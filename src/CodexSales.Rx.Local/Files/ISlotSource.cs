namespace CodexSales.Rx.Local.Files;

/// <summary>The source of slots' bytes. Supplied by the host app.</summary>
/// <remarks>Called on the task pool, for several slots at once.</remarks>
public interface ISlotSource
{
    /// <summary>
    /// Opens a slot's bytes from an offset on, above 0 where an interrupted download goes on. The stream ends where the
    /// slot does; the caller reads and disposes it. For a repair the bytes are rebuilt from other slots. An exception
    /// ends the download; its message is part of the reason.
    /// </summary>
    Task<Stream> OpenAsync(SlotDownload download, ulong offset, CancellationToken cancellationToken = default);
}
