using System.Globalization;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A long chain that is made up as it is asked for: one event in every tenth block.</summary>
internal sealed class SyntheticNode(VirtualTime time, ulong height, ulong maxRange, TimeSpan latency) : IRpcLink
{
    public const ulong BlocksPerEvent = 10;
    private const ulong Begin = 1_700_000_000;

    /// <summary>The newest block.</summary>
    public ulong Height { get; set; } = height;

    public bool TimesInLogs { get; init; } = true;

    public int Questions { get; private set; }

    public int MostUnderWay { get; private set; }

    private int UnderWay { get; set; }

    public RpcLinkState State { get; } = new("synthetic", 1, null);

    public IObservable<RpcLinkState> States => Observable.Return(State);

    public IObservable<Unit> Wakes => Observable.Never<Unit>();

    public static MarketEvent EventIn(ulong number) =>
        new SlotFilled(
            new BlockStamp(number, new UnixSeconds(Begin + number)) { Hash = Hash(number) },
            new SlotKey(new RequestId(Hash(number)), number));

    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
        (await AskAsync([request], cancellation))[0];

    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        Questions += requests.Count;
        MostUnderWay = Math.Max(MostUnderWay, ++UnderWay);
        await time.Sleep(latency, cancellation);
        UnderWay--;
        return [.. requests.Select(Answer)];
    }

    public void Suspect(string reason)
    {
    }

    public void Dispose()
    {
    }

    private static Bytes32 Hash(ulong number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        BitConverter.TryWriteBytes(bytes, number + 1);
        return new Bytes32(bytes);
    }

    private static ulong Number(JsonElement quantity) =>
        ulong.Parse(quantity.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static RpcResult Json(string json) => new(Encoding.UTF8.GetBytes(json));

    private RpcReply Answer(RpcRequest request)
    {
        using var json = JsonDocument.Parse(request.Parameters);
        return request.Method switch
        {
            "eth_chainId" => Json("\"0x1\""),
            "eth_getCode" => Json("\"0x60\""),
            "eth_getBlockByNumber" => Json(Block(json.RootElement[0].GetString()!)),
            "eth_getBlockByHash" => Json(Block(BitConverter.ToUInt64(
                Convert.FromHexString(json.RootElement[0].GetString()!.AsSpan(2, 16))) - 1)),
            _ => Logs(json.RootElement[0]),
        };
    }

    private string Block(string tag) => Block(tag switch
    {
        "latest" => Height,
        "finalized" or "safe" => Height - 64,
        _ => ulong.Parse(tag.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
    });

    private static string Block(ulong number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"number":"0x{{number:x}}","hash":"{{Hash(number)}}",
        "parentHash":"{{(number == 0 ? default : Hash(number - 1))}}","timestamp":"0x{{Begin + number:x}}"}
        """);

    private RpcReply Logs(JsonElement filter)
    {
        var (from, to) = filter.TryGetProperty("blockHash", out var hash)
            ? (BitConverter.ToUInt64(Convert.FromHexString(hash.GetString()!.AsSpan(2, 16))) - 1, 0UL)
            : (Number(filter.GetProperty("fromBlock")), Number(filter.GetProperty("toBlock")));
        to = Math.Max(from, to);
        if (to - from >= maxRange)
        {
            return new RpcError(-32602, $"maximum block range: {maxRange}", default);
        }

        List<string> logs = [];
        var first = (from + BlocksPerEvent - 1) / BlocksPerEvent * BlocksPerEvent;
        for (var number = first; number <= to; number += BlocksPerEvent)
        {
            var log = LogText.Of(EventIn(number)) with { BlockHash = $"\"{Hash(number)}\"" };
            logs.Add($"{(TimesInLogs ? log : log with { BlockTimestamp = null })}");
        }

        return Json($"[{string.Join(',', logs)}]");
    }
}
