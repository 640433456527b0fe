namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A way to ask a node.</summary>
/// <remarks>
/// Threading: any thread, also many questions at once. A task never faults for a reason of the world: that is an
/// <see cref="RpcReply"/>. A cancelled token ends the wait with an <see cref="OperationCanceledException"/>.
/// </remarks>
public interface IRpcTransport
{
    /// <summary>Asks one question.</summary>
    Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks several questions, in one message where that is possible. Replies come in order.</summary>
    Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default);
}
