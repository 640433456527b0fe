using System.Text;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Asks a node about blocks and logs. Whatever keeps the answer away or makes it useless is a
/// <see cref="NodeReadException"/>.
/// </summary>
/// <remarks>
/// Nothing is taken from a node before its chain and contract were checked: an answer that comes while the link changes
/// over to another connection counts as none. Lives on the scheduler.
/// </remarks>
internal sealed class NodeReader(
    IRpcLink link,
    Address marketplace,
    MarketIntakeOptions options,
    IScheduler scheduler,
    CancellationToken cancellation)
{
    private readonly byte[] _logFilter = Encoding.UTF8.GetBytes(
        $"\"address\":\"{marketplace}\",\"topics\":[[\"{string.Join("\",\"", TopicsOf(options))}\"]]");

    private const int MostChanges = 3;
    private const int TimesAsked = 3;

    private ulong? _chainId = options.ChainId;
    private long _checked = -1;

    /// <summary>The events that are asked for.</summary>
    public static IEnumerable<Bytes32> TopicsOf(MarketIntakeOptions options) => MarketplaceEvent.All
        .Where(shape => options.Proofs || shape.Which != MarketplaceEvent.Kind.ProofSubmitted)
        .Select(shape => shape.Topic);

    /// <summary>A question for a block by its height or by a word such as "latest".</summary>
    public static RpcRequest BlockAt(string tag) => Request("eth_getBlockByNumber", $"[\"{tag}\",false]");

    /// <inheritdoc cref="BlockAt(string)"/>
    public static RpcRequest BlockAt(ulong number) => BlockAt(Quantity(number));

    /// <summary>A question for a block by its hash.</summary>
    public static RpcRequest BlockOf(Bytes32 hash) => Request("eth_getBlockByHash", $"[\"{hash}\",false]");

    /// <summary>A question for the contract's logs in one block.</summary>
    public RpcRequest LogsOf(Bytes32 hash) => Logs($"\"blockHash\":\"{hash}\"");

    /// <summary>A question for the contract's logs in a range of blocks, both ends included.</summary>
    public RpcRequest LogsIn(ulong from, ulong to) =>
        Logs($"\"fromBlock\":\"{Quantity(from)}\",\"toBlock\":\"{Quantity(to)}\"");

    /// <summary>Asks all of them, and gives the replies as they are.</summary>
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

    /// <summary>Asks for a block; null where the node does not have it.</summary>
    public async Task<ChainHeader?> ReadBlockAsync(RpcRequest request) =>
        HeaderIn((await AskAsync(request).ConfigureAwait(false))[0]);

    /// <summary>Asks for a block below the newest one, which the node must have.</summary>
    public async Task<ChainHeader> ReadBelowAsync(ulong number) =>
        await ReadBlockAsync(BlockAt(number)).ConfigureAwait(false) is { } block && block.Number == number
            ? block
            : throw new NodeReadException(
                $"The node does not know block {number}, below its newest one: is it still catching up, or pruned?");

    /// <summary>
    /// The blocks from a height up to one that is known, each the parent of the next; none where the node has others.
    /// </summary>
    public async Task<List<ChainHeader>> ReadRowAsync(ulong from, BlockStamp end)
    {
        var count = (int)(end.Number - from) + 1;
        var replies = await AskAsync([.. Enumerable.Range(0, count).Select(i => BlockAt(from + (ulong)i))])
            .ConfigureAwait(false);
        List<ChainHeader> row = [.. replies.Select(HeaderIn).OfType<ChainHeader>()];
        var isRow = row.Count == replies.Count && row[^1].Hash == end.Hash && row[0].Number == from
            && row.Zip(row.Skip(1)).All(pair => pair.First.Hash == pair.Second.Parent);
        return isRow ? row : [];
    }

    /// <summary>Asks for a block by its height; null where the node has it not, or not any more.</summary>
    public async Task<ChainHeader?> ReadIfKeptAsync(ulong number) => HeaderIfKept(
        (await AskAsync(BlockAt(number)).ConfigureAwait(false))[0]);

    /// <summary>Whether the node has a block no more. Said once, it may be another back end's word.</summary>
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

    /// <summary>Asks for a block and for its logs; null where the node has not, or not any more, both of them.</summary>
    public async Task<ChainHeader?> ReadKeptAsync(ulong number)
    {
        var replies = await AskAsync(BlockAt(number), LogsIn(number, number)).ConfigureAwait(false);
        if (replies.OfType<RpcError>().Any(TransientErrors.IsOfTheBlock) || HeaderIn(replies[0]) is not { } block)
        {
            return null;
        }

        return block.Number == number
            ? block
            : throw new NodeReadException($"The node gave block {block.Number} for block {number}.");
    }

    /// <summary>The block of an answer; null where the node does not have it.</summary>
    public static ChainHeader? HeaderIn(RpcReply reply) => ChainHeader.Read(ResultIn(reply).Span);

    /// <summary>The result of an answer.</summary>
    public static ReadOnlyMemory<byte> ResultIn(RpcReply reply) => reply switch
    {
        RpcResult result => result.Json,
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
            var replies = await AskUncheckedAsync([
                Request("eth_chainId", "[]"),
                Request("eth_getCode", $"[\"{marketplace}\",\"latest\"]"),
            ]).ConfigureAwait(false);
            CheckChain(ResultIn(replies[0]));
            CheckCode(ResultIn(replies[1]));
        }
        while (before != link.State.Connections);

        _checked = before;
    }

    private void CheckChain(ReadOnlyMemory<byte> result)
    {
        if (!Hex.TryReadQuantity(Text(result), out var chainId))
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

    private void CheckCode(ReadOnlyMemory<byte> result)
    {
        if (Text(result) is not [_, _, _, ..])
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

    private RpcRequest Logs(string blocks)
    {
        var parameters = new byte[blocks.Length + _logFilter.Length + 5];
        var text = Encoding.UTF8.GetBytes($"[{{{blocks},", parameters);
        _logFilter.CopyTo(parameters, text);
        "}]"u8.CopyTo(parameters.AsSpan(text + _logFilter.Length));
        return new RpcRequest("eth_getLogs", parameters);
    }

    // The text of a JSON string without escapes; empty for anything else.
    private static ReadOnlySpan<byte> Text(ReadOnlyMemory<byte> json)
    {
        var text = json.Span;
        return text is [(byte)'"', .., (byte)'"'] && text[1..^1].IndexOfAny((byte)'"', (byte)'\\') < 0
            ? text[1..^1]
            : default;
    }

    private static RpcRequest Request(string method, string parameters) =>
        new(method, Encoding.UTF8.GetBytes(parameters));

    private static string Quantity(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");
}
