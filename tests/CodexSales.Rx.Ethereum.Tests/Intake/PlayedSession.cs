using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// A recorded session of a node, played back: its pushes as they were, and answers from the blocks it pushed.
/// </summary>
internal sealed class PlayedSession
{
    private readonly List<(TimeSpan At, JsonElement Frame)> _frames = [];
    private readonly Dictionary<string, JsonElement> _heads = [];
    private readonly ILookup<string, JsonElement> _logs;
    private readonly string _firstParent;
    private readonly ulong _firstNumber;
    private readonly ScriptedWire _wire = new();
    private string _latest;

    public PlayedSession(string name)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Sessions", name)))
        {
            using var json = JsonDocument.Parse(line);
            var frame = json.RootElement.GetProperty("raw");
            if (frame.ValueKind == JsonValueKind.Object && frame.TryGetProperty("params", out var pushed)
                && pushed.ValueKind == JsonValueKind.Object)
            {
                _frames.Add((TimeSpan.FromMilliseconds(json.RootElement.GetProperty("t").GetInt64()), frame.Clone()));
            }
        }

        var results = _frames.Select(frame => frame.Frame.GetProperty("params").GetProperty("result")).ToList();
        foreach (var head in results.Where(result => result.TryGetProperty("parentHash", out _)))
        {
            _heads[head.GetProperty("hash").GetString()!] = head;
        }

        var logs = results.Where(result => result.TryGetProperty("topics", out _)).ToList();
        Removed = [.. logs.Where(log => log.GetProperty("removed").GetBoolean())];
        _logs = logs.Where(log => !log.GetProperty("removed").GetBoolean())
            .ToLookup(log => log.GetProperty("blockHash").GetString()!);
        var first = results.First(result => result.TryGetProperty("parentHash", out _));
        _firstParent = _latest = first.GetProperty("parentHash").GetString()!;
        _firstNumber = LogOracle.Number(first.GetProperty("number")) - 1;
    }

    /// <summary>The logs that the node said it had removed.</summary>
    public IReadOnlyList<JsonElement> Removed { get; }

    /// <summary>The logs of the blocks that are canonical in the end.</summary>
    public IEnumerable<JsonElement> Logs => Branch().Reverse().SelectMany(hash => _logs[hash]);

    /// <summary>The blocks that were pushed, and whether they have logs of the contract.</summary>
    public IEnumerable<(ChainHeader Header, bool HasLogs)> Headers => _heads.Select(head => (
        ChainHeader.Read(System.Text.Encoding.UTF8.GetBytes(head.Value.GetRawText()))!, _logs.Contains(head.Key)));

    /// <summary>Plays it over a WebSocket transport, and gives all that the intake tells.</summary>
    public List<MarketEvent> Play()
    {
        var time = new VirtualTime();
        Assert.True(RpcEndpoint.TryParse("ws://127.0.0.1", out var endpoint, out _));
        _wire.OnSent = Answer;
        using var transport = new WebSocketRpcTransport(
            endpoint, new RpcOptions { MaxBatch = 1 }, time, _ => Task.FromResult<IWire>(_wire));
        var intake = new MarketIntake(
            transport, Recording.Marketplace, new MarketIntakeOptions { Proofs = true }, null, time);
        List<MarketEvent> told = [];
        using var run = intake.Events.Subscribe(told.Add, error => Assert.Fail(error.ToString()));
        time.AdvanceBy(TimeSpan.FromSeconds(10));
        var begin = time.Now;
        foreach (var (at, frame) in _frames)
        {
            time.AdvanceTo(begin + at);
            var result = frame.GetProperty("params").GetProperty("result");
            _latest = result.TryGetProperty("parentHash", out _) ? result.GetProperty("hash").GetString()! : _latest;
            _wire.Say(frame.GetRawText());
            time.RunDue();
        }

        time.AdvanceBy(TimeSpan.FromSeconds(10));
        return told;
    }

    private void Answer(string message)
    {
        using var json = JsonDocument.Parse(message);
        var (question, parameters) = (json.RootElement, json.RootElement.GetProperty("params"));
        var answer = question.GetProperty("method").GetString() switch
        {
            "eth_chainId" or "eth_subscribe" => "\"0x1\"",
            "eth_getCode" => "\"0x60\"",
            "eth_getBlockByNumber" => At(parameters[0].GetString()!),
            "eth_getBlockByHash" => Of(parameters[0].GetString()!),
            _ => parameters[0].TryGetProperty("blockHash", out var hash)
                ? $"[{string.Join(',', _logs[hash.GetString()!].Select(log => log.GetRawText()))}]"
                : "[]",
        };
        _wire.Say($"{{\"id\":{question.GetProperty("id")},\"result\":{answer}}}");
    }

    // The canonical blocks from the newest one down to the first that was pushed.
    private IEnumerable<string> Branch()
    {
        for (var hash = _latest; hash != _firstParent; hash = _heads[hash].GetProperty("parentHash").GetString()!)
        {
            yield return hash;
        }
    }

    private string At(string tag)
    {
        var number = tag switch
        {
            "latest" => _latest == _firstParent ? _firstNumber : NumberOf(_heads[_latest]),
            "finalized" or "safe" => _firstNumber,
            _ => ulong.Parse(tag.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        };
        return number <= _firstNumber
            ? Before(number)
            : Branch().Select(hash => _heads[hash]).Where(head => NumberOf(head) == number)
                .Select(head => head.GetRawText()).FirstOrDefault("null");
    }

    private static ulong NumberOf(JsonElement head) => LogOracle.Number(head.GetProperty("number"));

    private string Of(string hash) =>
        hash == _firstParent ? Before(_firstNumber)
        : _heads.TryGetValue(hash, out var head) ? head.GetRawText()
        : "null";

    // Blocks below those of the session, without anything in them.
    private string Before(ulong number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"number":"0x{{number:x}}","hash":"{{(number == _firstNumber ? _firstParent : default(Bytes32).ToString())}}",
        "parentHash":"{{default(Bytes32)}}","timestamp":"0x{{number:x}}"}
        """);
}
