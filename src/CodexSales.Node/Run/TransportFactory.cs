using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Node.Run;

/// <summary>Connections to nodes and signers.</summary>
internal static class TransportFactory
{
    /// <summary>A link to the first of several nodes that answers.</summary>
    public static IRpcLink To(ImmutableArray<RpcEndpoint> nodes, RpcOptions options, IScheduler core) =>
        nodes is [var only]
            ? To(only, options, core)
            : new FailoverRpcTransport([.. nodes.Select(node => To(node, options, core))], options, core);

    public static IRpcLink To(RpcEndpoint node, RpcOptions options, IScheduler core) => node.IsWebSocket
        ? new WebSocketRpcTransport(node, options, core)
        : new HttpRpcTransport(node, options, core);
}
