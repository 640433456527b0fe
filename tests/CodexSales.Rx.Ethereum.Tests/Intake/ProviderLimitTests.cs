using System.Globalization;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// Nodes that refuse what is beyond their limit, in the words of each provider: everything is read all the same.
/// </summary>
public sealed class ProviderLimitTests
{
    // {0} is the first block asked for, {1} the last one that would be answered, {2} the limit, {3} what was asked for.
    [Theory]
    [InlineData(500, -32005, "query returned more than 10000 results. Try with this block range [0x{0:x}, 0x{1:x}].")]
    [InlineData(500, -32005, "query timeout exceeded")]
    [InlineData(500, -32602, "range {3} exceeds limit of {2}")]
    [InlineData(500, -32602, "Log response size exceeded. this block range should work: [0x{0:x}, 0x{1:x}]")]
    [InlineData(500, 503, "Log response size exceeded. this block range should work: [0x{1:x}, 0x{0:x}]")]
    [InlineData(500, -32600, "You can make eth_getLogs requests with up to a {2} block range. Based on your parameters, "
        + "this block range should work: [0x{0:x}, 0x{1:x}]")]
    [InlineData(1_500, 413, "eth_getLogs is limited to a {2:N0} range")]
    [InlineData(500, -32600, "block range is too wide")]
    [InlineData(500, -32600, "maximum [from, to] blocks distance: {2}")]
    [InlineData(500, -32000, "Max range: {2}")]
    [InlineData(500, -32000, "maximum block range: {2}")]
    [InlineData(500, -32000, "Maximum allowed number of requested blocks is {2}")]
    [InlineData(500, -32000, "limited to {2} block")]
    [InlineData(100, -32000, "Block range limit exceeded.")]
    [InlineData(500, -32000, "please limit the query to at most {2} blocks")]
    [InlineData(500, -32602, "range {3} is bigger than range limit {2}")]
    [InlineData(500, -32000, "Block range is too large")]
    [InlineData(500, -32000, "backend response too large")]
    [InlineData(500, -32000, "no backend is currently healthy")]
    [InlineData(500, -32000, "query exceeds max results")]
    [InlineData(500, -32000, "logs matched by query exceeds limit of 10000")]
    [InlineData(500, 35, "ranges over {2} blocks are not supported on freetier")]
    [InlineData(500, -32000, "query exceeds max block range {2}")]
    [InlineData(500, -32000, "Response is too big")]
    [InlineData(500, -32000, "block range greater than {2} max")]
    [InlineData(1_000, -32000, "eth_getLogs range is too large, max is 1k blocks")]
    [InlineData(500, -32000, "query must be smaller than size {2}")]
    [InlineData(500, -32000, "exceeds the range allowed for your plan ({3} > {2})")]
    public void Everything_is_read_within_the_limit(ulong limit, int code, string message)
    {
        var refused = 0;
        var bench = new IntakeBench();
        bench.MineWithEvents(3_500);
        bench.Node.OnRange = (from, to) =>
        {
            if (to - from < limit)
            {
                return null;
            }

            refused++;
            return new RpcError(
                code,
                string.Format(CultureInfo.InvariantCulture, message, from, from + limit - 1, limit, to - from + 1),
                default);
        };

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(10));

        bench.AssertComplete();
        Assert.InRange(refused, 1, 60);
    }

    [Fact]
    public void A_rate_limit_slows_down_and_asks_for_the_same_again()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(4_000);
        var refused = 0;
        HashSet<(ulong, ulong)> asked = [];
        bench.Node.OnRange = (from, to) =>
        {
            var isNew = asked.Add((from, to));
            refused += isNew ? 1 : 0;
            return isNew ? new RpcError(-32005, "daily request count exceeded, request rate limited", default) : null;
        };

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(10));

        bench.AssertComplete();
        Assert.Equal(asked.Count, refused);
    }

    [Fact]
    public void Blocks_that_the_node_does_not_have_yet_are_waited_for()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalDepth = 1 });
        bench.MineWithEvents(3_000);
        var height = 2_500UL;
        bench.Node.OnRange = (_, to) => to > height
            ? new RpcError(-32602, $"BlockOutOfRangeError: block height is {height} but requested was {to}", default)
            : null;

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(bench.Node.Events.Take(bench.Net.Count), bench.Net);
        Assert.InRange(bench.Net.Count, 1_999, 2_500);
        height = 3_000;
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
    }

    [Fact]
    public void What_an_endpoint_refuses_is_learnt_for_it_and_not_for_others()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { RangesInFlight = 1 });
        bench.MineWithEvents(9_000);
        var widest = 0UL;
        bench.Node.OnRange = (from, to) =>
        {
            var asked = to - from + 1;
            if (bench.Link.State.Endpoint == "fake")
            {
                return asked > 100 ? new RpcError(-32000, "maximum block range: 100", default) : null;
            }

            widest = Math.Max(widest, asked);
            return null;
        };
        bench.Start();
        bench.Pass(TimeSpan.FromSeconds(1));

        bench.Link.Move("other");
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.InRange(widest, 2_000UL, 10_000UL);
    }

    [Fact]
    public void The_size_grows_slowly_after_a_refusal_and_never_beyond_what_was_named()
    {
        var limit = new LogRangeSizer(most: 10_000);
        limit.Answered(2_000);
        Assert.Equal(4_000UL, limit.Blocks);

        limit.Refused(800, isLimit: false);
        for (var i = 0; i < 15; i++)
        {
            limit.Answered(800);
            Assert.Equal(800UL, limit.Blocks);
        }

        limit.Answered(800);
        Assert.Equal(850UL, limit.Blocks);
        limit.Refused(500, isLimit: true);
        for (var i = 0; i < 100; i++)
        {
            limit.Answered(500);
        }

        Assert.Equal(500UL, limit.Blocks);
    }
}
