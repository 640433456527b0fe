using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Nodes that leave logs out, in one way or another: it shows, is made good, and is told.</summary>
public sealed class SecondLookTests
{
    // One that is there twice shows when all of it is read again.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_hole_in_a_range_is_read_again(int holes)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(3_000);
        bench.Link.Instead = request => IsRange(request) && holes-- > 0 ? Without(bench, request, 700, 900) : null;

        bench.Catch();
        if (bench.Net.Count < 3_000)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromMinutes(3));
        }

        bench.AssertComplete();
        Assert.Contains("left out logs of", bench.LastHealth.Notice, StringComparison.Ordinal);
    }

    // Two back ends, each with a hole of its own: what either of them has is there.
    [Fact]
    public void Ranges_that_are_never_whole_are_put_together()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { RangesInFlight = 1 });
        bench.MineWithEvents(1_000);
        var turn = 0UL;
        bench.Link.Instead = request => IsRange(request)
            ? Without(bench, request, 100 + (100 * (++turn % 3)), 150 + (100 * (turn % 3)))
            : null;

        bench.Catch();

        bench.AssertComplete();
        Assert.NotNull(bench.LastHealth.Notice);
    }

    [Fact]
    public void The_end_of_ranges_is_read_again_by_the_hashes_of_blocks()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(1_000);
        bench.Link.Instead = request => IsRange(request) ? Without(bench, request, 900, 936) : null;
        bench.Catch();
        Assert.Equal(963, bench.Net.Count);

        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(3));

        bench.AssertComplete();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Logs_that_were_left_out_at_the_tip_are_told_when_it_is_read_again(int left)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        bench.Catch();
        bench.Link.Instead = request => request.Method == "eth_getLogs" && !IsRange(request)
            ? Cut(bench.Node.Answer(request), left)
            : request.Method.StartsWith("eth_getBlock", StringComparison.Ordinal)
                ? Rewrite(bench.Node.Answer(request), "\"logsBloom\":\"0x[0-9a-f]+\"", "\"x\":0")
                : null;
        bench.MineWithEvents(2, perBlock: 3);
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(200 + (2 * left) + Math.Min(1, left), bench.Net.Count);
        var before = bench.Told.Count;

        bench.Link.Instead = _ => null;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(3));

        bench.AssertComplete();
        Assert.Contains("left out logs of", bench.LastHealth.Notice, StringComparison.Ordinal);

        // What stood was taken back and told again in one go.
        var reverts = bench.Told.Skip(before).SkipWhile(happened => happened is not Reverted)
            .TakeWhile(happened => happened is Reverted).Count();
        Assert.Equal(bench.Told.Skip(before).Count(happened => happened is Reverted), reverts);
    }

    [Theory]
    [InlineData("parent")]
    [InlineData("child")]
    [InlineData("first")]
    [InlineData("none of ours")]
    public void Bloom_filters_of_other_blocks_lose_nothing(string whose)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(50);
        bench.Catch();
        var none = Find(bench.Node.Chain[0].Json, "logsBloom");
        bench.Link.Instead = request => request.Method is "eth_getBlockByNumber" or "eth_getBlockByHash"
            ? WithBloomOf(bench, bench.Node.Answer(request), number => whose switch
            {
                "parent" => bench.Node.Chain[Math.Max(0, number - 1)].Json,
                "child" => bench.Node.Chain[Math.Min(bench.Node.Chain.Count - 1, number + 1)].Json,
                "first" => bench.Node.Chain[1].Json,
                _ => bench.Node.Chain[0].Json,
            })
            : null;

        for (var i = 0; i < 20; i++)
        {
            bench.MineWithEvents(1);
            bench.Node.MineEmpty(2);
            bench.Pass(TimeSpan.FromSeconds(12));
        }

        bench.Pass(TimeSpan.FromMinutes(3));
        bench.AssertComplete();
        Assert.Matches("bloom filters of fake can't be right|left out logs", bench.LastHealth.Notice);
    }

    [Fact]
    public void A_node_that_leaves_nothing_out_is_asked_once_in_two_minutes()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        bench.Catch();
        bench.Pass(TimeSpan.FromMinutes(2));
        bench.Link.Asked.Clear();

        for (var i = 0; i < 50; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(12));
        }

        Assert.InRange(bench.Link.Asked.Count(IsRange), 4, 5);
        Assert.Null(bench.LastHealth.Notice);
        bench.AssertComplete();
    }

    [Fact]
    public void An_answer_with_less_than_was_told_takes_nothing_back_and_is_told()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        bench.Catch();
        bench.Link.Instead = request => IsRange(request) ? new RpcResult("[]"u8.ToArray()) : null;

        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(10));

        bench.AssertComplete();
        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
        Assert.Contains("when it was asked again", bench.LastHealth.Notice, StringComparison.Ordinal);
    }

    // One back end gives the logs of the branch that was left, another one the end of the range, twice.
    [Fact]
    public void Logs_of_another_branch_are_taken_back()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { RangesInFlight = 1 });
        bench.MineWithEvents(200);
        bench.MineWithEvents(3, perBlock: 2);
        IReadOnlyList<FakeBlock> left = [.. bench.Node.Chain];
        bench.Node.Drop(3);
        bench.Node.MineEmpty(3);
        bench.MineWithEvents(200);
        bench.Link.Instead = request => IsRange(request) ? bench.Node.Answer(request, left) : null;
        bench.Catch();
        Assert.Contains(bench.Net, happened => happened.Block.Hash == left[^1].Hash);

        bench.Link.Instead = _ => null;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(3));

        bench.AssertComplete();
        Assert.Contains("of another branch", bench.LastHealth.Notice, StringComparison.Ordinal);
    }

    // Of more than one block.
    private static bool IsRange(RpcRequest request) => Regex.Match(
        Encoding.UTF8.GetString(request.Parameters.Span),
        "\"fromBlock\":\"(.*?)\",\"toBlock\":\"(.*?)\"") is { Success: true } range
        && range.Groups[1].Value != range.Groups[2].Value;

    private static RpcResult Without(IntakeBench bench, RpcRequest request, ulong from, ulong to)
    {
        // Honest answers of both sides of the hole.
        var text = Encoding.UTF8.GetString(((RpcResult)bench.Node.Answer(request)).Json.Span);
        var logs = text[1..^1].Split("},{").Where(log => log.Length > 0 && (NumberIn(log) < from || NumberIn(log) > to));
        return new RpcResult(Encoding.UTF8.GetBytes($"[{string.Join(',', logs.Select(log => $"{{{log.Trim('{', '}')}}}"))}]"));
    }

    private static ulong NumberIn(string json) =>
        ulong.Parse(Find(json, "(?:blockN|n)umber"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static RpcResult Cut(RpcReply reply, int logs)
    {
        var text = Encoding.UTF8.GetString(((RpcResult)reply).Json.Span);
        var first = text[1..^1].Split("},{").Where(log => log.Length > 0).Take(logs);
        return new RpcResult(Encoding.UTF8.GetBytes($"[{string.Join(',', first.Select(log => $"{{{log.Trim('{', '}')}}}"))}]"));
    }

    private static RpcReply WithBloomOf(IntakeBench bench, RpcReply reply, Func<int, string> other) =>
        reply is RpcResult result && Encoding.UTF8.GetString(result.Json.Span) is var text && text != "null"
            ? Rewrite(reply, Find(text, "logsBloom"), Find(other((int)NumberIn(text)), "logsBloom"))
            : reply;

    private static RpcReply Rewrite(RpcReply reply, string pattern, string with) => reply is RpcResult result
        ? new RpcResult(Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(result.Json.Span), pattern, with)))
        : reply;

    private static string Find(string json, string name) => Regex.Match(json, $"\"{name}\":\"0x([0-9a-f]+)").Groups[1].Value;
}
