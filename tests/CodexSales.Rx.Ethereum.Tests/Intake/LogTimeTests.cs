using System.Text;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Nodes that write the time of a block into its logs in ways of their own: events carry that of the block.</summary>
public sealed class LogTimeTests
{
    [Theory]
    [InlineData("1700000000000")]
    [InlineData("\"1700000000\"")]
    [InlineData("\"0x0\"")]
    [InlineData("\"0x\"")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"2023-11-14T22:13:20Z\"")]
    [InlineData("null")]
    [InlineData("\"0xffffffffff\"")]
    public void An_event_has_the_time_of_its_block(string time)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(500);
        bench.Link.Instead = request => request.Method == "eth_getLogs"
            ? Rewrite(bench.Node.Answer(request), "\"blockTimestamp\":\"0x[0-9a-f]+\"", $"\"blockTimestamp\":{time}")
            : null;

        bench.Catch();

        bench.AssertComplete();
        Assert.Equal(500, bench.Net.Count);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-7)]
    [InlineData(-100_000)]
    public void A_time_that_could_be_right_is_compared_with_that_of_the_block(int seconds)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(500);
        bench.Link.Instead = Shift(bench, seconds);

        bench.Catch();

        bench.AssertComplete();
        Assert.Matches("^The timestamps in logs of fake are wrong, ", bench.LastHealth.Notice);
    }

    [Fact]
    public void A_single_time_that_is_wrong_near_the_end_of_ranges_is_found_when_that_is_read_again()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(500);
        bench.Link.Instead = Shift(bench, 5, onlyOf: 400);
        bench.Catch();
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(3));

        bench.AssertComplete();
    }

    [Fact]
    public void What_was_told_at_the_tip_is_not_doubted_for_a_wrong_time_in_a_log()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero });
        bench.Catch();
        bench.Link.Instead = Shift(bench, 5);
        for (var i = 0; i < 100; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(12));
        }

        bench.AssertComplete();
        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
        Assert.Matches("^The timestamps in logs of fake are wrong, ", bench.LastHealth.Notice);
    }

    [Fact]
    public void Where_times_are_right_few_blocks_are_asked_for_theirs()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { MaxBlocksPerRange = 1_000 });
        bench.MineWithEvents(5_000);

        bench.Catch();

        bench.AssertComplete();
        Assert.InRange(bench.Link.Asked.Count(request => request.Method == "eth_getBlockByHash"), 10, 200);
    }

    [Fact]
    public void The_time_of_a_block_is_asked_for_once()
    {
        var bench = new IntakeBench();
        bench.Node.TimesInLogs = false;
        bench.MineWithEvents(500);
        bench.Catch();
        bench.Link.Asked.Clear();

        for (var i = 0; i < 3; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromMinutes(3));
        }

        bench.AssertComplete();
        var ofBlocks = bench.Link.Asked.Count(request => request.Method == "eth_getBlockByHash");
        Assert.InRange(ofBlocks, 3, 250);
    }

    [Fact]
    public void Quantities_may_have_leading_zeros()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(500);
        bench.Link.Instead = request => request.Method is "eth_getLogs" or "eth_getBlockByNumber" or "eth_getBlockByHash"
            ? Rewrite(
                bench.Node.Answer(request),
                "\"(number|timestamp|blockNumber|blockTimestamp|logIndex)\":\"0x",
                "\"$1\":\"0x00")
            : null;

        bench.Catch();

        bench.AssertComplete();
        Assert.Equal(500, bench.Net.Count);
    }

    private static Func<RpcRequest, RpcReply?> Shift(IntakeBench bench, int seconds, ulong? onlyOf = null) => request =>
        request.Method != "eth_getLogs" ? null : new RpcResult(Encoding.UTF8.GetBytes(Regex.Replace(
            Encoding.UTF8.GetString(((RpcResult)bench.Node.Answer(request)).Json.Span),
            "\"blockTimestamp\":\"0x([0-9a-f]+)\"",
            time => Convert.ToUInt64(time.Groups[1].Value, 16) is var right
                && (onlyOf is null || right == bench.Node.Chain[(int)onlyOf].Stamp.Time.Value)
                    ? $"\"blockTimestamp\":\"0x{(long)right + seconds:x}\""
                    : time.Value)));

    private static RpcReply Rewrite(RpcReply reply, string pattern, string with) => reply is RpcResult result
        ? new RpcResult(Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(result.Json.Span), pattern, with)))
        : reply;
}
