using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Calls;

/// <summary>Answers each question at once, by a function, and keeps what was asked.</summary>
internal sealed class AnsweringTransport(Func<RpcRequest, RpcReply> answer) : IRpcTransport
{
    public List<RpcRequest> Asked { get; } = [];

    public int Messages { get; private set; }

    public Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation)
    {
        Messages++;
        return Task.FromResult(Answer(request));
    }

    public Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        Messages++;
        return Task.FromResult<IReadOnlyList<RpcReply>>([.. requests.Select(Answer)]);
    }

    private RpcReply Answer(RpcRequest request)
    {
        Asked.Add(request);
        return answer(request);
    }
}
