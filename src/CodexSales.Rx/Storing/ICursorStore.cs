namespace CodexSales.Rx.Storing;

/// <summary>
/// Remembers, over restarts, the last block whose events were told and that no reorganisation was expected to reach.
/// </summary>
/// <remarks>
/// Events are read from far enough back at every start, so nothing is lost without it. It is there to notice a node
/// that is behind where this host was already, and a chain that is another one.
/// </remarks>
public interface ICursorStore
{
    /// <summary>The last block that was saved, or null.</summary>
    Task<BlockCursor?> LoadAsync(CancellationToken cancellation);

    /// <summary>Saves a block in place of the one before.</summary>
    Task SaveAsync(BlockCursor cursor, CancellationToken cancellation);
}
