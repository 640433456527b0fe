using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Nodes that answer, and are of no use: it shows, another one is tried, and nothing stops for good.</summary>
public sealed class UselessNodeTests
{
    [Fact]
    public void A_node_that_jumps_back_behind_what_is_final_takes_nothing_back_and_is_suspected()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero });
        bench.MineWithEvents(200);
        bench.Catch();
        var answers = 0;
        bench.Link.View = () => [.. bench.Node.Chain.Take(20 + (answers++ / 2))];

        bench.Pass(TimeSpan.FromMinutes(5));

        Assert.Matches(
            "^fake is at block [0-9]+, far behind block 200, which is known already, since [-0-9: ]+ UTC.$", bench.LastHealth.Problem);
        Assert.InRange(bench.Link.Suspicions.Count, 2, 3);
        bench.AssertComplete();
        bench.Link.View = () => bench.Node.Chain;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(40));

        Assert.Null(bench.LastHealth.Problem);
        bench.AssertComplete();
    }

    [Fact]
    public void A_node_that_refuses_whatever_it_is_asked_is_suspected()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(10);
        bench.Link.Instead = _ => new RpcError(-32000, "missing trie node", default);
        bench.Start();

        bench.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal("The node refuses: missing trie node", bench.LastHealth.Problem);
        Assert.InRange(bench.Link.Suspicions.Count, 2, 3);
    }

    // As where some back ends of a node lag: that may be so many times in a row, and every minute counts.
    [Fact]
    public void A_node_that_answers_without_knowing_its_own_newest_block_is_asked_as_often_as_for_a_new_one()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(10);
        bench.Catch();
        bench.Link.Instead = request => request.Method == "eth_getBlockByHash" ? new RpcResult("null"u8.ToArray()) : null;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("The node does not know block 11 by its hash.", bench.LastHealth.Problem);

        bench.Link.Instead = _ => null;
        bench.Pass(new MarketIntakeOptions().PollInterval);

        bench.AssertComplete();
    }

    [Fact]
    public void A_node_that_is_not_there_at_the_start_is_asked_until_it_is()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(10);
        bench.Link.Instead = _ => new RpcNoAnswer("There is no answer from http://node.example: refused", false);
        bench.Start();

        bench.Pass(TimeSpan.FromHours(1));
        Assert.Equal("There is no answer from http://node.example: refused", bench.LastHealth.Problem);
        Assert.InRange(bench.Link.Asked.Count, 120, 1_200);
        bench.Link.Instead = _ => null;
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Null(bench.LastHealth.Problem);
        bench.AssertComplete();
    }

    [Fact]
    public void Another_node_takes_over_from_one_that_fell_far_behind()
    {
        var time = new VirtualTime();
        var node = new FakeNode();
        var (first, second) = (new FakeLink(node, time), new FakeLink(node, time));
        using var both = new FailoverRpcTransport([first, second], null, time);
        var intake = new MarketIntake(both, Recording.Marketplace, null, null, time);
        var heads = time.Record(intake.Heads);
        using var run = intake.Events.Subscribe();
        node.MineEmpty(200);
        time.AdvanceBy(TimeSpan.FromMinutes(1));
        Assert.Empty(second.Asked);
        var behind = 20;
        first.View = () => [.. node.Chain.Take(behind++)];

        for (var i = 0; i < 30; i++)
        {
            node.Mine();
            time.AdvanceBy(TimeSpan.FromSeconds(12));
        }

        Assert.NotEmpty(second.Asked);
        Assert.InRange(heads.Values[^1].Value.Number, 220UL, node.Head.Number);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("refused")]
    [InlineData("the first block")]
    [InlineData("newer than the newest")]
    public void Whatever_a_node_says_of_what_is_final_all_is_told(string said)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(900);
        bench.Link.Instead = request => request.Parameters.Span.IndexOf("finalized"u8) < 0
                && request.Parameters.Span.IndexOf("safe"u8) < 0
            ? null
            : said switch
            {
                "null" => new RpcResult("null"u8.ToArray()),
                "refused" => new RpcError(-39001, "Unknown block", default),
                "the first block" => Block(bench.Node.Chain[0]),
                _ => Block(bench.Node.Head with { Stamp = bench.Node.Head.Stamp with { Number = 5_000 } }),
            };

        bench.Catch();
        bench.Node.Drop(10);
        bench.MineWithEvents(11);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.Null(bench.LastHealth.Problem);
    }

    private static RpcResult Block(FakeBlock block) => new(System.Text.Encoding.UTF8.GetBytes(block.Json));
}
