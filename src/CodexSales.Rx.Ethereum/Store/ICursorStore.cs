namespace CodexSales.Rx.Ethereum.Store;

/// <summary>
/// Remembers, over restarts, by which blocks the chain is known again: about a hundred that no reorganisation was expected
/// to reach.
/// </summary>
/// <remarks>
/// Events are read from far enough back at every start, so nothing is lost without them. They are there to notice a node
/// that is behind where this host was already, and a chain that is another one; several, so that a host that was off
/// during a deep reorganisation knows its chain by those that still stand. Threading: called by whoever reads the chain, one
/// call after another; may answer on any thread.
/// </remarks>
public interface ICursorStore
{
    /// <summary>The blocks that were saved, by their heights; none in a new store.</summary>
    Task<IReadOnlyList<BlockCursor>> LoadAsync(CancellationToken cancellation);

    /// <summary>Saves blocks in place of those before, all or none of them.</summary>
    Task SaveAsync(IReadOnlyList<BlockCursor> blocks, CancellationToken cancellation);
}
