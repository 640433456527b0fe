namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A node's answer to a transaction that it was sent.</summary>
/// <remarks>By its words: geth has the one code -32000, anvil -32003, Nethermind -32010, zkSync 3.</remarks>
internal static class PoolAnswer
{
    public static PoolVerdict Of(RpcReply reply) => reply switch
    {
        RpcResult => PoolVerdict.Accepted,
        RpcNoAnswer none => none.MayHaveArrived ? PoolVerdict.NoResponse : PoolVerdict.NotSent,
        RpcError error => PoolWords.Find(error.Message)?.Verdict
            ?? (TransientErrors.IsPassing(error) ? PoolVerdict.NoResponse : PoolVerdict.UnrecognisedError),
        _ => PoolVerdict.NoResponse,
    };
}
