using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using RpcError = Nethereum.JsonRpc.Client.RpcError;

namespace CodexSales.Rx.Nethereum.Rpc;

/// <summary>A question of a batch that keeps its answer as it came.</summary>
internal sealed class BatchItem(RpcRequestMessage question) : IRpcRequestResponseBatchItem
{
    public RpcRequestMessage RpcRequestMessage => question;

    public RpcResponseMessage? Answer { get; private set; }

    public bool HasError => Answer is { HasError: true };

    public object? RawResponse => Answer?.Result;

    public RpcError? RpcError => Answer?.Error is { } error ? new RpcError(error.Code, error.Message, error.Data) : null;

    public void DecodeResponse(RpcResponseMessage rpcResponse) => Answer ??= rpcResponse;
}
