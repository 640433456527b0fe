namespace CodexSales.Rx.Ethereum.Store;

/// <summary>Remembers, over restarts, about a hundred final blocks by which the chain is known again.</summary>
/// <remarks>
/// Without them no event is lost: every start reads from far enough back. They show a node that is behind, and a chain
/// that is another one; several, so that after a deep reorganisation some still stand. Threading: called by one reader
/// of the chain, one call after another; may answer on any thread.
/// </remarks>
public interface ICursorStore
{
    /// <summary>The saved blocks, by their heights; none in a new store.</summary>
    Task<IReadOnlyList<BlockCursor>> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>Saves blocks in place of those before, all or none.</summary>
    Task SaveAsync(IReadOnlyList<BlockCursor> blocks, CancellationToken cancellationToken = default);
}
