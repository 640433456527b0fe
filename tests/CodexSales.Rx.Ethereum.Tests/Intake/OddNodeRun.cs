using System.Globalization;
using System.Reactive.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// An intake behind a node that lags, lies, prunes, limits and forgets, each as the seed has it, while the chain grows and is
/// replaced. In the end the open slots are those of a fresh read, or health says what is missing.
/// </summary>
internal sealed class OddNodeRun
{
    private const int Requests = 2_000;

    private readonly Random _random;
    private readonly IntakeBench _bench;
    private readonly MarketScript _script;

    // How often an answer is odd: one in so many.
    private readonly int _rarity;
    private readonly bool _hasWrongBlooms;
    private readonly bool _hasZeroTimes;
    private readonly int? _kept;
    private readonly string _pruned;
    private bool _isQuiet;

    public OddNodeRun(int seed)
    {
        _random = new Random(seed);
        _bench = new IntakeBench(
            new MarketIntakeOptions
            {
                FinalAge = TimeSpan.FromSeconds(_random.Next(2) == 0 ? 60 : 1_800),
                MaxBlocksPerRange = _random.Next(2) == 0 ? 10_000 : _random.Next(20, 400),
            },
            node: new FakeNode(blockSeconds: (ulong)Pick(1, 2, 12)));
        _script = new MarketScript(_bench.Node, _random);
        _rarity = _random.Next(30, 200);
        _hasWrongBlooms = _random.Next(6) == 0;
        _hasZeroTimes = _random.Next(6) == 0;
        _kept = _random.Next(3) == 0 ? _random.Next(100, 900) : null;
        _pruned = _random.Next(3) switch { 0 => "4444", 1 => "null", _ => "missing trie node" };
        _bench.Node.TimesInLogs = _random.Next(3) > 0;
        _bench.Node.FinalDepth = _random.Next(2) == 0 ? Pick(5, 20, 64) : null;
        var limit = (ulong)Pick(30, 500, 5_000);
        _bench.Node.OnRange = (from, to) =>
            to - from >= limit ? new RpcError(-32005, $"maximum block range: {limit}", default) : null;
    }

    /// <summary>Whether something of the past was told to be missing.</summary>
    public bool IsMissing => _bench.LastHealth.Missing is not null;

    /// <summary>Whether logs were told to have been left out.</summary>
    public bool IsCorrected => _bench.Health.Values
        .Any(health => health.Value.Notice?.Contains("left out", StringComparison.Ordinal) == true);

    public void Go()
    {
        var past = _random.Next(Requests);
        while (_script.Requests < past || _bench.Node.Chain.Count < 80)
        {
            _script.Mine(most: 9);
        }

        _bench.Node.KeepsViews = true;
        _script.Mine(most: 9);
        _bench.Link.View = () => !_isQuiet && _random.Next(4) == 0
            ? _bench.Node.Views[_random.Next(_bench.Node.Views.Count)]
            : _bench.Node.Chain;
        _bench.Link.Instead = Answer;
        var events = _bench.Intake.Events.Do(_bench.Take).Publish();
        using var queued = new QueueOnly(events, _bench.Intake.Heads, _bench.Time);
        using var run = events.Connect();
        Grow();
        ComeToRest();
        Check(queued);
    }

    private void Grow()
    {
        for (var blocks = 1; _script.Requests < Requests; blocks++)
        {
            _script.Mine(most: 9);
            if (_random.Next(10) == 0)
            {
                _bench.Link.Disconnect();
            }

            if (_random.Next(20) == 0)
            {
                Reorganise(_random.Next(60) == 0 ? _random.Next(65, 300) : _random.Next(1, 11));
            }

            _bench.Link.Push();
            _bench.Pass(TimeSpan.FromSeconds(_random.Next(40) == 0 ? 130 : _random.Next(1, 13)));
        }
    }

    private void Reorganise(int depth)
    {
        depth = Math.Min(depth, _bench.Node.Chain.Count - 2);
        _bench.Node.Drop(depth);
        for (var i = Math.Max(1, depth - 2) + _random.Next(5); i > 0; i--)
        {
            _script.Mine(most: 6);
        }
    }

    private void ComeToRest()
    {
        _isQuiet = true;
        for (var i = 0; i < 12; i++)
        {
            _bench.Node.Mine();
            _bench.Pass(TimeSpan.FromSeconds(30));
        }
    }

    private void Check(QueueOnly queued)
    {
        Assert.Null(_bench.Error);
        if (_bench.LastHealth.Missing is null)
        {
            var fresh = new IntakeBench(node: _bench.Node);
            using var freshQueue = new QueueOnly(fresh.Intake.Events, fresh.Intake.Heads, fresh.Time);
            fresh.Pass(TimeSpan.FromSeconds(90));
            AssertSame([.. _bench.Node.Events], _bench.Net);
            Assert.Equal(freshQueue.OpenSlots, queued.OpenSlots);
            Assert.Equal(freshQueue.Queue, queued.Queue);
        }
        else
        {
            AssertSame(
                [.. _bench.Node.Events.Where(happened => !IsMissingIn(happened.Block.Number))],
                [.. _bench.Net.Where(happened => !IsMissingIn(happened.Block.Number))]);
        }
    }

    private bool IsMissingIn(ulong block)
    {
        var sentence = _bench.LastHealth.Missing!;
        return Regex.Match(sentence, "before block ([0-9]+)") is { Success: true } before && block < NumberIn(before.Groups[1])
            || Regex.Matches(sentence, "([0-9]+) to ([0-9]+)")
                .Any(row => block >= NumberIn(row.Groups[1]) && block <= NumberIn(row.Groups[2]));

        static ulong NumberIn(Group digits) => ulong.Parse(digits.Value, CultureInfo.InvariantCulture);
    }

    private void AssertSame(List<MarketEvent> expected, List<MarketEvent> told)
    {
        var (missing, surplus) = (expected.Except(told).ToList(), told.Except(expected).ToList());
        Assert.True(
            missing.Count + surplus.Count == 0,
            $"Of {_bench.Node.Chain.Count} blocks the events of {Blocks(missing)} are missing, those of {Blocks(surplus)} are "
                + $"too many; {_bench.LastHealth}");
        Assert.Equal(expected, told);

        static string Blocks(List<MarketEvent> events) =>
            $"[{string.Join(' ', events.Select(happened => happened.Block.Number).Distinct().Take(20))}]";
    }

    private RpcReply? Answer(RpcRequest request)
    {
        var head = (ulong)_bench.Node.Chain.Count - 1;
        if (_kept is { } kept && head > (ulong)kept
            && PrunedHistoryTests.Keep(head - (ulong)kept, _pruned)(ByNumber(request)) is { } gone)
        {
            return gone;
        }

        var isLogs = request.Method == "eth_getLogs";
        return (_isQuiet ? -1 : _random.Next(10 * _rarity)) switch
        {
            < 10 and >= 0 and var odd => Odd(request, odd),
            _ when isLogs && _hasZeroTimes =>
                Rewrite(request, "\"blockTimestamp\":\"0x[0-9a-f]+\"", _ => "\"blockTimestamp\":\"0x0\""),
            _ when _hasWrongBlooms && request.Method.StartsWith("eth_getBlock", StringComparison.Ordinal) =>
                WithBloomOfParent(request),
            _ => null,
        };
    }

    // What a node has dropped it does not know by its hash either.
    private RpcRequest ByNumber(RpcRequest request) =>
        request.Method == "eth_getBlockByHash" && _bench.Node.Answer(request) is RpcResult { Json: var json }
            && Regex.Match(Encoding.UTF8.GetString(json.Span), "\"number\":\"(0x[0-9a-f]+)\"") is { Success: true } number
            ? new RpcRequest("eth_getBlockByNumber", Encoding.UTF8.GetBytes($"[\"{number.Groups[1].Value}\",false]"))
            : request;

    private RpcReply Odd(RpcRequest request, int which) => which switch
    {
        0 => new RpcNoAnswer("There was no answer within 20 s.", MayHaveArrived: true),
        1 => new RpcNoAnswer("There is no connection.", MayHaveArrived: false),
        2 => new RpcError(429, "too many requests", default, TimeSpan.FromSeconds(_random.Next(1, 20))),
        3 => new RpcError(-32000, "header not found", default),
        4 => new RpcResult("null"u8.ToArray()),
        5 => Rewrite(request, "(?s)^.*$", text => text.Value[.._random.Next(text.Value.Length)]),
        6 when request.Method == "eth_getLogs" => new RpcResult("[]"u8.ToArray()),
        _ when request.Method == "eth_getLogs" => Cut(request),
        7 => WithBloomOfParent(request),
        _ => new RpcError(-32603, "internal error", default),
    };

    // Leaves out some of the logs.
    private RpcReply Cut(RpcRequest request) => Rewrite(request, "(?s)^\\[.*\\]$", text =>
    {
        var left = text.Value[1..^1].Split("},{").Where(log => log.Length > 0 && _random.Next(4) > 0);
        return $"[{string.Join(',', left.Select(log => $"{{{log.Trim('{', '}')}}}"))}]";
    });

    private RpcReply WithBloomOfParent(RpcRequest request) => Rewrite(request, "(?s)^\\{.*\\}$", block =>
    {
        var number = int.Parse(
            Regex.Match(block.Value, "\"number\":\"0x([0-9a-f]+)").Groups[1].Value,
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture);
        var other = _bench.Node.Chain[Math.Clamp(number - 1, 0, _bench.Node.Chain.Count - 1)].Json;
        return block.Value.Replace(BloomIn(block.Value), BloomIn(other), StringComparison.Ordinal);
    });

    private static string BloomIn(string block) =>
        Regex.Match(block, "\"logsBloom\":\"0x([0-9a-f]+)").Groups[1].Value;

    private RpcReply Rewrite(RpcRequest request, string pattern, MatchEvaluator with)
    {
        var reply = _bench.Node.Answer(request, _bench.Link.View());
        return reply is RpcResult { Json: var json }
            ? new RpcResult(Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(json.Span), pattern, with)))
            : reply;
    }

    private int Pick(params int[] values) => values[_random.Next(values.Length)];
}
