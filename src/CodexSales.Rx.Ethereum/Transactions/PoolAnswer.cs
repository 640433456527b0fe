using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a node says to a transaction that it was sent.</summary>
/// <remarks>
/// The codes say nothing: geth answers -32000 to all of it, anvil -32003, Nethermind -32010, zkSync 3.
/// </remarks>
internal static class PoolAnswer
{
    public static PoolVerdict Of(RpcReply reply) => reply switch
    {
        RpcResult => PoolVerdict.Accepted,
        RpcNoAnswer none => none.MayHaveArrived ? PoolVerdict.Unknown : PoolVerdict.NotSent,
        RpcError error => PoolWords.Find(error.Message)?.Verdict
            ?? (TransientErrors.IsPassing(error) ? PoolVerdict.Unknown : PoolVerdict.Unclear),
        _ => PoolVerdict.Unknown,
    };
}
