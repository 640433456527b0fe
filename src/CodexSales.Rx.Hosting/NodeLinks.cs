using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Hosting;

/// <summary>Links to nodes and signers, by their addresses.</summary>
internal static class NodeLinks
{
    public static RpcEndpoint Parse(string url) =>
        RpcEndpoint.TryParse(url, out var endpoint, out var problem) ? endpoint : throw new CannotSellException(problem);

    public static IRpcLink Connect(RpcEndpoint node, RpcOptions options, IScheduler core) => node.IsWebSocket
        ? new WebSocketRpcTransport(node, options, core)
        : new HttpRpcTransport(node, options, core);
}
