using System.Reactive;
using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Chaos;

/// <summary>
/// A link to a real node, some of whose answers are lost, refused, empty, or those of a back end that is behind.
/// </summary>
/// <param name="node">The link to the node as it is.</param>
/// <param name="seed">Which answers those are.</param>
/// <param name="isPendingLatest">Whether "pending" is the newest block, also for nonces.</param>
internal sealed class TroubledLink(IRpcLink node, int seed, bool isPendingLatest = false) : IRpcLink
{
    private const int BlocksBehind = 6;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Queue<RpcReply> _newestBlocks = [];

    /// <summary>Whether there is trouble.</summary>
    public bool IsOn { get; set; }

    /// <summary>How many answers were not those of the node.</summary>
    public int Troubles { get; private set; }

    /// <summary>How many questions were about "pending", and answered about the newest block.</summary>
    public int Aliased { get; private set; }

    public RpcLinkState State => node.State;

    public IObservable<RpcLinkState> States => node.States;

    public IObservable<Unit> Wakes => node.Wakes;

    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
        (await AskAsync([request], cancellation))[0];

    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        var replies = await node.AskAsync([.. requests.Select(Alias)], cancellation);
        lock (_gate)
        {
            return [.. requests.Zip(replies, Answer)];
        }
    }

    public void Suspect(string reason) => node.Suspect(reason);

    public void Dispose() => node.Dispose();

    private RpcRequest Alias(RpcRequest request)
    {
        var text = Encoding.UTF8.GetString(request.Parameters.Span);
        if (!isPendingLatest || !text.EndsWith("\"pending\"]", StringComparison.Ordinal))
        {
            return request;
        }

        Aliased++;
        return request with
        {
            Parameters = Encoding.UTF8.GetBytes(text.Replace("\"pending\"]", "\"latest\"]", StringComparison.Ordinal)),
        };
    }

    private RpcReply Answer(RpcRequest request, RpcReply reply)
    {
        var isNewest = request.Parameters.Span.IndexOf("latest"u8) >= 0 && request.Method == "eth_getBlockByNumber";
        if (isNewest)
        {
            _newestBlocks.Enqueue(reply);
            while (_newestBlocks.Count > BlocksBehind)
            {
                _newestBlocks.Dequeue();
            }
        }

        var answer = IsOn ? Instead(request, isNewest) : null;
        Troubles += answer is null ? 0 : 1;
        return answer ?? reply;
    }

    private RpcReply? Instead(RpcRequest request, bool isNewest) => _random.Next(50) switch
    {
        0 => new RpcError(429, "too many requests", default, TimeSpan.FromMilliseconds(_random.Next(1, 20))),
        1 => new RpcNoAnswer("There was no answer within 20 s.", MayHaveArrived: true),

        // Of a transaction the node has that would be a lie: it says that it has not.
        2 when request.Method != "eth_sendRawTransaction" => new RpcError(-32000, "header not found", default),
        3 => new RpcResult("null"u8.ToArray()),
        4 when request.Method == "eth_getLogs" => new RpcResult("[]"u8.ToArray()),
        < 15 when isNewest => _newestBlocks.Peek(),
        _ => null,
    };
}
