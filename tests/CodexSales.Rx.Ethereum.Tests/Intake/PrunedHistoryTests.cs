using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Nodes that have no old blocks any more: what they have is told, what is missing is said, nothing waits.</summary>
public sealed class PrunedHistoryTests
{
    private static readonly TimeSpan _thousandBlocks = TimeSpan.FromSeconds(12 * 1_000);

    [Theory]
    [InlineData("4444")]
    [InlineData("null")]
    [InlineData("missing trie node")]
    [InlineData("logs only")]
    public void A_look_back_within_what_the_node_keeps_is_read(string said)
    {
        var bench = Bench();
        bench.Link.Instead = Keep(2_500, said);

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(bench.Node.Events.TakeLast(1_001), bench.Net);
        Assert.Null(bench.LastHealth.Problem);
        Assert.Null(bench.LastHealth.Missing);
    }

    [Theory]
    [InlineData("4444")]
    [InlineData("null")]
    [InlineData("missing trie node")]
    [InlineData("logs only")]
    public void What_the_look_back_needs_and_the_node_has_not_is_told_and_the_rest_is_read(string said)
    {
        var bench = Bench();
        bench.Link.Instead = Keep(3_500, said);

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(bench.Node.Events.TakeLast(500), bench.Net);
        Assert.Null(bench.LastHealth.Problem);
        Assert.Equal(
            "The node has nothing of what was before block 3500: requests of the 0.1 days before it are not known.",
            bench.LastHealth.Missing);
        bench.MineWithEvents(2);
        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(bench.Node.Events.TakeLast(502), bench.Net);
    }

    [Fact]
    public void What_a_node_has_not_once_is_asked_for_again()
    {
        var bench = Bench();
        HashSet<string> asked = [];
        var keep = Keep(3_700, "null");
        bench.Link.Instead = request =>
            keep(request) is { } gone && asked.Add(Encoding.UTF8.GetString(request.Parameters.Span)) ? gone : null;

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal(bench.Node.Events.TakeLast(1_001), bench.Net);
        Assert.Null(bench.LastHealth.Missing);
    }

    // The whole of a range, with its last block.
    [Theory]
    [InlineData("4444")]
    [InlineData("null")]
    [InlineData("missing trie node")]
    public void Blocks_that_are_dropped_while_they_are_read_are_told_to_be_missing(string said)
    {
        var bench = Bench(new MarketIntakeOptions { MaxBlocksPerRange = 100, RangesInFlight = 1, LookBack = _thousandBlocks });
        var kept = 2_990UL;
        bench.Link.Instead = request => Keep(kept, said)(request);
        bench.Link.Latency = TimeSpan.FromSeconds(0.5);
        bench.Start();
        bench.Pass(TimeSpan.FromSeconds(15));
        var read = bench.Net.Count;
        Assert.InRange(read, 50, 900);

        var last = bench.Net[^1].Block.Number;
        kept = 3_900;
        bench.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(
            $"Some of what happened in the blocks {last + 1} to 3899 is not known: the node dropped them "
                + "before they were read again.",
            bench.LastHealth.Missing);
        bench.Link.Latency = TimeSpan.FromSeconds(0.05);
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(bench.Node.Events.TakeLast(101), bench.Net.TakeLast(101));
        Assert.Equal(bench.Node.Head.Stamp, bench.Completed[^1].Block);
    }

    [Fact]
    public void All_blocks_from_the_first_one_of_the_chain_on_may_be_dropped_while_they_are_read()
    {
        var bench = Bench(new MarketIntakeOptions());
        var kept = 0UL;
        bench.Link.Instead = request =>
        {
            var isRange = request.Parameters.Span.IndexOf("\"fromBlock\":\"0x0\""u8) >= 0
                && request.Parameters.Span.IndexOf("\"toBlock\":\"0x0\""u8) < 0;
            kept = isRange ? 3_900UL : kept;
            return Keep(kept, "4444")(request);
        };

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Null(bench.Error);
        Assert.Equal(bench.Node.Events.TakeLast(100), bench.Net);
        Assert.NotNull(bench.LastHealth.Missing);
    }

    // What was left out of the first answer is lost then.
    [Fact]
    public void Blocks_that_are_dropped_before_they_are_read_again_are_told_to_be_missing()
    {
        var bench = Bench();
        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(2));
        Assert.Null(bench.LastHealth.Missing);
        bench.MineWithEvents(10);
        bench.Pass(TimeSpan.FromSeconds(30));

        bench.MineWithEvents(5);
        bench.Link.Instead = Keep(4_005, "4444");
        bench.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal(
            "Some of what happened in the blocks 4001 to 4004 is not known: the node dropped them before they were read again.",
            bench.LastHealth.Missing);

        // What was read again since is not missing.
        bench.Link.Instead = Keep(4_010, "4444");
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(3));
        Assert.Contains("4001 to 4004 is", bench.LastHealth.Missing, StringComparison.Ordinal);

        // Neither are they that took the place of those.
        bench.Link.Instead = _ => null;
        bench.Node.Drop(50);
        bench.MineWithEvents(60);
        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(bench.LastHealth.Missing);
    }

    // What is hosted needs them, whatever becomes of the past.
    [Theory]
    [InlineData("eth_getLogs")]
    [InlineData("old blocks")]
    public void Heads_are_told_from_the_first_second_though_nothing_of_the_past_can_be_read(string refused)
    {
        var bench = Bench();
        bench.Link.Instead = request => request.Method == refused
            || (refused == "old blocks" && Keep(3_999, "4444")(request) is not null)
            ? new RpcError(-32000, "not today", default)
            : null;
        bench.Start();
        bench.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(bench.Node.Head.Stamp, bench.Heads.Values[^1].Value);

        for (var i = 0; i < 100; i++)
        {
            bench.MineWithEvents(1);
            bench.Link.Push();
            bench.Pass(TimeSpan.FromSeconds(1));
            Assert.Equal(bench.Node.Head.Stamp, bench.Heads.Values[^1].Value);
        }

        Assert.Empty(bench.Told);
        Assert.Contains("not today", bench.LastHealth.Problem, StringComparison.Ordinal);
    }

    /// <summary>Answers as a node that keeps nothing below a block.</summary>
    public static Func<RpcRequest, RpcReply?> Keep(ulong kept, string said) => request =>
    {
        var asked = Regex.Match(
            Encoding.UTF8.GetString(request.Parameters.Span), "^\\[(\\{\"fromBlock\":)?\"0x([0-9a-f]{1,15})\"");
        var isOld = asked.Success
            && request.Method is "eth_getLogs" or "eth_getBlockByNumber"
            && ulong.Parse(asked.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) < kept;
        return !isOld || (said == "logs only" && request.Method != "eth_getLogs") ? null
            : said == "null" ? new RpcResult(request.Method == "eth_getLogs" ? "[]"u8.ToArray() : "null"u8.ToArray())
            : said == "missing trie node" ? new RpcError(-32000, "missing trie node 14c7", default)
            : new RpcError(4444, "pruned history unavailable", default);
    };

    private static IntakeBench Bench(MarketIntakeOptions? options = null)
    {
        var bench = new IntakeBench(options ?? new MarketIntakeOptions { LookBack = _thousandBlocks });
        bench.Node.MineEmpty(2_899);
        bench.MineWithEvents(1_100);
        return bench;
    }
}
