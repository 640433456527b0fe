namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>One question to a node.</summary>
/// <param name="Method">The method, such as <c>eth_getLogs</c>.</param>
/// <param name="Parameters">The parameters as a JSON array in UTF-8.</param>
public sealed record RpcRequest(string Method, ReadOnlyMemory<byte> Parameters);
