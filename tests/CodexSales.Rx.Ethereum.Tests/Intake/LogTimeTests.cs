using System.Text;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Rpc;

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

    private static RpcReply Rewrite(RpcReply reply, string pattern, string with) => reply is RpcResult result
        ? new RpcResult(Encoding.UTF8.GetBytes(Regex.Replace(Encoding.UTF8.GetString(result.Json.Span), pattern, with)))
        : reply;
}
