using System.Globalization;
using System.Text;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A node with a chain in memory that does whatever a test wants it to do.</summary>
internal sealed class FakeNode
{
    private const int KeptViews = 12;

    private readonly Dictionary<string, FakeBlock> _byHash = [];
    private readonly List<IReadOnlyList<FakeBlock>> _views = [];
    private List<FakeBlock> _chain = [];
    private int _mined;

    public FakeNode(ulong blockSeconds = 12, ulong begin = 1_700_000_000)
    {
        (BlockSeconds, Begin) = (blockSeconds, begin);
        Mine();
    }

    public ulong BlockSeconds { get; }

    public ulong Begin { get; }

    public ulong ChainId { get; set; } = 31337;

    public string Code { get; set; } = "0x60";

    /// <summary>How deep "finalized" is; null when the node does not know the word.</summary>
    public int? FinalDepth { get; set; }

    public bool TimesInLogs { get; set; } = true;

    /// <summary>Refuses to give the logs of a range: first and last block.</summary>
    public Func<ulong, ulong, RpcReply?> OnRange { get; set; } = (_, _) => null;

    /// <summary>The canonical blocks, from 0.</summary>
    public IReadOnlyList<FakeBlock> Chain => _chain;

    /// <summary>Whether <see cref="Views"/> are kept from now on.</summary>
    public bool KeepsViews { get; set; }

    /// <summary>Canonical chains of the past, the newest last.</summary>
    public IReadOnlyList<IReadOnlyList<FakeBlock>> Views => _views;

    public FakeBlock Head => _chain[^1];

    /// <summary>Every event that the canonical chain has.</summary>
    public IEnumerable<MarketEvent> Events => _chain.SelectMany(block => block.Events);

    /// <summary>Adds a block with events.</summary>
    public FakeBlock Mine(params IEnumerable<Func<BlockStamp, MarketEvent>> events)
    {
        var number = (ulong)_chain.Count;
        var hash = Keccak256.Hash(Encoding.ASCII.GetBytes($"block {++_mined}"));
        var stamp = new BlockStamp(number, new UnixSeconds(Begin + (number * BlockSeconds))) { Hash = hash };
        var block = new FakeBlock(
            stamp, hash, number == 0 ? default : Head.Hash, [.. events.Select(happen => happen(stamp))]);
        _chain.Add(block);
        _byHash.Add(hash.ToString(), block);
        if (KeepsViews)
        {
            _views.Add([.. _chain]);
            _views.RemoveRange(0, Math.Max(0, _views.Count - KeptViews));
        }

        return block;
    }

    public void MineEmpty(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Mine();
        }
    }

    /// <summary>Takes the newest blocks off.</summary>
    public void Drop(int depth) => _chain = _chain[..^depth];

    /// <summary>What an honest node would say.</summary>
    /// <param name="request">The question.</param>
    /// <param name="view">The chain as the answering back end sees it; the newest when null.</param>
    public RpcReply Answer(RpcRequest request, IReadOnlyList<FakeBlock>? view = null)
    {
        view ??= _chain;
        using var json = JsonDocument.Parse(request.Parameters);
        var parameters = json.RootElement;
        return request.Method switch
        {
            "eth_chainId" => Text(Quantity(ChainId)),
            "eth_getCode" => Text(Code),
            "eth_blockNumber" => Text(Quantity(view[^1].Number)),
            "eth_subscribe" => Text("0x1"),
            "eth_getBlockByNumber" => BlockAt(parameters[0].GetString()!, view),
            "eth_getBlockByHash" => Json(Known(parameters[0].GetString()!, view)?.Json ?? "null"),
            "eth_getLogs" => Logs(parameters[0], view),
            _ => new RpcError(-32601, "the method does not exist", default),
        };
    }

    private static string Quantity(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static ulong Number(string quantity) =>
        ulong.Parse(quantity.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static RpcResult Json(string json) => new(Encoding.UTF8.GetBytes(json));

    private static RpcResult Text(string text) => Json($"\"{text}\"");

    private RpcReply BlockAt(string tag, IReadOnlyList<FakeBlock> view)
    {
        if (tag is "finalized" or "safe")
        {
            return FinalDepth is { } depth
                ? Json(view[Math.Max(0, view.Count - 1 - depth)].Json)
                : new RpcError(-32000, $"{tag} block not found", default);
        }

        var number = tag == "latest" ? view[^1].Number : Number(tag);
        return Json(number < (ulong)view.Count ? view[(int)number].Json : "null");
    }

    // A back end knows the blocks of branches that were left, but none that came after its own newest one.
    private FakeBlock? Known(string hash, IReadOnlyList<FakeBlock> view) =>
        _byHash.TryGetValue(hash, out var block) && (IsIn(view, block) || !IsIn(_chain, block)) ? block : null;

    private static bool IsIn(IReadOnlyList<FakeBlock> chain, FakeBlock block) =>
        block.Number < (ulong)chain.Count && ReferenceEquals(chain[(int)block.Number], block);

    private RpcReply Logs(JsonElement filter, IReadOnlyList<FakeBlock> view)
    {
        var topics = filter.GetProperty("topics")[0].EnumerateArray().Select(topic => topic.GetString()!).ToHashSet();
        IEnumerable<FakeBlock> blocks;
        if (filter.TryGetProperty("blockHash", out var hash))
        {
            if (Known(hash.GetString()!, view) is not { } block)
            {
                return new RpcError(-32000, "unknown block", default);
            }

            blocks = [block];
        }
        else
        {
            var from = Number(filter.GetProperty("fromBlock").GetString()!);
            var to = Number(filter.GetProperty("toBlock").GetString()!);
            if (OnRange(from, to) is { } refusal)
            {
                return refusal;
            }

            // What a back end does not have yet is left out without a word.
            blocks = view.Skip((int)from).Take((int)(to - from) + 1);
        }

        return Json($"[{string.Join(',', blocks.SelectMany(block => block.Logs(topics.Contains, TimesInLogs)))}]");
    }
}
