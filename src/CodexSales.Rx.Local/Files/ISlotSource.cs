namespace CodexSales.Rx.Local.Files;

/// <summary>Where the bytes of slots come from. Supplied by the host app.</summary>
/// <remarks>Called on the task pool, for several slots at once.</remarks>
public interface ISlotSource
{
    /// <summary>
    /// Opens a slot's bytes from an offset on, which is not 0 where a download that was interrupted goes on. The stream
    /// ends where the slot does, and is read and disposed by the caller. A download that asks for repair wants bytes
    /// that are rebuilt from the other slots. Any exception ends the download; its message becomes part of the reason.
    /// </summary>
    Task<Stream> OpenAsync(SlotDownload download, ulong offset, CancellationToken cancellation);
}
