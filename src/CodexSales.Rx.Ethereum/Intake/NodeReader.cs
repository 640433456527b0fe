using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Asks a node about blocks and logs. A useless answer is a <see cref="NodeReadException"/>.</summary>
/// <remarks>Nothing is taken from a node before its chain and contract were checked: an answer that comes while the
/// link changes over to another connection counts as none. Lives on the scheduler.</remarks>
internal sealed class NodeReader(
    IRpcLink link,
    Address marketplace,
    MarketIntakeOptions options,
    IScheduler scheduler,
    CancellationToken cancellation)
{
    private const int MostChanges = 3;
    private const int TimesAsked = 3;

    private readonly string _logFilter =
        $"\"address\":\"{marketplace}\",\"topics\":[[\"{string.Join("\",\"", TopicsOf(options))}\"]]";

    private ulong? _chainId = options.ChainId;
    private long _checked = -1;

    public static IEnumerable<Bytes32> TopicsOf(MarketIntakeOptions options) => MarketplaceEvent.All
        .Where(shape => options.Proofs || shape.Which != MarketplaceEvent.Kind.ProofSubmitted)
        .Select(shape => shape.Topic);

    public RpcRequest LogsOf(Bytes32 hash) => Logs($"\"blockHash\":\"{hash}\"");

    /// <summary>A question for the contract's logs in a range of blocks, both ends included.</summary>
    public RpcRequest LogsIn(ulong from, ulong to) =>
        Logs($"\"fromBlock\":\"{NodeQuestions.Quantity(from)}\",\"toBlock\":\"{NodeQuestions.Quantity(to)}\"");

    /// <summary>Asks all questions, and gives the replies as they are.</summary>
    public async Task<IReadOnlyList<RpcReply>> AskAsync(params IReadOnlyList<RpcRequest> requests)
    {
        for (var times = 0; times < MostChanges; times++)
        {
            if (link.State.Connections != _checked)
            {
                await CheckAsync().ConfigureAwait(false);
            }

            var replies = await AskUncheckedAsync(requests).ConfigureAwait(false);
            if (link.State.Connections == _checked)
            {
                return replies;
            }
        }

        throw new NodeReadException("The connection changes whenever the node is asked.");
    }

    public async Task<ChainHeader?> ReadBlockAsync(RpcRequest request) =>
        HeaderIn((await AskAsync(request).ConfigureAwait(false))[0]);

    /// <summary>Asks for a block below the newest one, which the node must have.</summary>
    public async Task<ChainHeader> ReadBelowAsync(ulong number) =>
        await ReadBlockAsync(NodeQuestions.GetBlock(number)).ConfigureAwait(false) is { } block
            && block.Number == number
            ? block
            : throw new NodeReadException(
                $"The node does not know block {number}, below its newest one: is it still catching up, or pruned?");

    /// <summary>The blocks from a height to a known one, each the parent of the next; else none.</summary>
    public async Task<List<ChainHeader>> ReadRowAsync(ulong from, BlockStamp end)
    {
        var count = (int)(end.Number - from) + 1;
        var numbers = Enumerable.Range(0, count).Select(i => from + (ulong)i);
        var replies = await AskAsync([.. numbers.Select(NodeQuestions.GetBlock)]).ConfigureAwait(false);
        List<ChainHeader> row = [.. replies.Select(HeaderIn).OfType<ChainHeader>()];
        var isRow = row.Count == replies.Count && row[^1].Hash == end.Hash && row[0].Number == from
            && row.Zip(row.Skip(1)).All(pair => pair.First.Hash == pair.Second.Parent);
        return isRow ? row : [];
    }

    /// <summary>Asks for a block by its height; null where the node has it not, or not any more.</summary>
    public async Task<ChainHeader?> ReadIfKeptAsync(ulong number) =>
        HeaderIfKept((await AskAsync(NodeQuestions.GetBlock(number)).ConfigureAwait(false))[0]);

    /// <summary>Whether the node has a block no more. Once denied, it may be another back end that lags.</summary>
    public async Task<bool> IsGoneAsync(ulong number)
    {
        for (var times = 0; times < TimesAsked; times++)
        {
            if (await ReadIfKeptAsync(number).ConfigureAwait(false) is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The block of an answer; null where the node has it not, or not any more.</summary>
    public static ChainHeader? HeaderIfKept(RpcReply reply) =>
        reply is RpcError error && TransientErrors.IsOfTheBlock(error) ? null : HeaderIn(reply);

    /// <summary>Asks for a block and for its logs; null where the node has not, or no more, both of them.</summary>
    public async Task<ChainHeader?> ReadKeptAsync(ulong number)
    {
        var replies = await AskAsync(NodeQuestions.GetBlock(number), LogsIn(number, number)).ConfigureAwait(false);
        if (replies.OfType<RpcError>().Any(TransientErrors.IsOfTheBlock) || HeaderIn(replies[0]) is not { } block)
        {
            return null;
        }

        return block.Number == number
            ? block
            : throw new NodeReadException($"The node gave block {block.Number} for block {number}.");
    }

    /// <summary>The block of an answer; null where the node does not have it.</summary>
    public static ChainHeader? HeaderIn(RpcReply reply) => ChainHeader.Read(ResultIn(reply).Json.Span);

    public static RpcResult ResultIn(RpcReply reply) => reply switch
    {
        RpcResult result => result,
        RpcError error => throw new NodeReadException(
            $"The node refuses: {error.Message}", error.RetryAfter ?? DefaultWait(error)) { IsAnswered = false },
        RpcNoAnswer none => throw new NodeReadException(none.Detail) { IsAnswered = false },
        _ => throw new System.Diagnostics.UnreachableException($"Unknown reply {reply}."),
    };

    private static TimeSpan DefaultWait(RpcError error) =>
        RateLimit.IsMeant(error.Code, error.Message) ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

    // The check counts for the connection that was there before it and is still there after it.
    private async Task CheckAsync()
    {
        long before;
        do
        {
            before = link.State.Connections;
            var replies = await AskUncheckedAsync([NodeQuestions.ChainId, NodeQuestions.GetCode(marketplace)])
                .ConfigureAwait(false);
            CheckChain(ResultIn(replies[0]));
            CheckCode(ResultIn(replies[1]));
        }
        while (before != link.State.Connections);

        _checked = before;
    }

    private void CheckChain(RpcResult result)
    {
        if (NodeAnswers.ReadNumber(result) is not { } chainId)
        {
            throw new NodeReadException("The node gave something else than the id of its chain.");
        }

        _chainId ??= chainId;
        if (_chainId != chainId)
        {
            throw new ChainUntrustedException(
                $"The node {link.State.Endpoint} is on chain {chainId}; chain {_chainId} is expected.");
        }
    }

    private void CheckCode(RpcResult result)
    {
        if (NodeAnswers.ReadBytes(result) is not [_, ..])
        {
            throw new NodeReadException(
                $"The node knows no contract at {marketplace}: is it behind, or the address wrong?");
        }
    }

    private async Task<IReadOnlyList<RpcReply>> AskUncheckedAsync(IReadOnlyList<RpcRequest> requests)
    {
        var replies = await link.AskAsync(requests, cancellation).ConfigureAwait(false);
        await scheduler.Yield(cancellation).ConfigureAwait(false);
        return replies;
    }

    private RpcRequest Logs(string blocks) =>
        new("eth_getLogs", Encoding.UTF8.GetBytes($"[{{{blocks},{_logFilter}}}]"));
}
