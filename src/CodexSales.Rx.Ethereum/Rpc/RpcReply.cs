namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>The outcome of a question to a node. The hierarchy is closed: the cases are those in this file.</summary>
public abstract record RpcReply
{
    private protected RpcReply()
    {
    }
}

/// <summary>The node answered.</summary>
/// <param name="Json">The result, as JSON in UTF-8.</param>
public sealed record RpcResult(ReadOnlyMemory<byte> Json) : RpcReply;

/// <summary>The node answered with an error.</summary>
/// <param name="Code">Its code; the same code means different things at different providers.</param>
/// <param name="Message">Its message.</param>
/// <param name="Data">Its data as JSON in UTF-8; empty when there is none.</param>
/// <param name="RetryAfter">The wait that the provider asks for; null when it does not say.</param>
public sealed record RpcError(
    int Code, string Message, ReadOnlyMemory<byte> Data, TimeSpan? RetryAfter = null) : RpcReply;

/// <summary>There is no answer, and none will come.</summary>
/// <param name="Detail">One sentence for people. Says nothing secret: no key of a URL.</param>
/// <param name="MayHaveArrived">Whether the node may have got the question: then it may have acted on it.</param>
public sealed record RpcNoAnswer(string Detail, bool MayHaveArrived) : RpcReply;
