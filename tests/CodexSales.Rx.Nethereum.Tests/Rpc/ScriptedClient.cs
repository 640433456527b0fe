using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;

namespace CodexSales.Rx.Nethereum.Tests.Rpc;

/// <summary>A client of Nethereum that a test plays.</summary>
internal sealed class ScriptedClient(Func<RpcRequestMessage[], Task<RpcResponseMessage[]>> answer) : ClientBase
{
    /// <summary>The number of questions of each message.</summary>
    public List<int> Messages { get; } = [];

    public override async Task<RpcResponseMessage> SendAsync(RpcRequestMessage rpcRequestMessage, string? route = null) =>
        (await SendAsync([rpcRequestMessage]))[0];

    protected override Task<RpcResponseMessage[]> SendAsync(RpcRequestMessage[] requests)
    {
        Messages.Add(requests.Length);
        return answer(requests);
    }
}
