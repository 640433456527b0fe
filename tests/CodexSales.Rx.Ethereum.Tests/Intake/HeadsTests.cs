using System.Text;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>What is told of blocks: the newest, the newest that stays, and the one whose events are all told.</summary>
public sealed class HeadsTests
{
    [Fact]
    public void Every_block_at_the_tip_is_a_head_with_its_hash_and_completed_when_its_events_are_told()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(300);
        bench.Catch();
        Assert.Equal([(bench.Node.Head.Stamp, 300)], bench.Completed);

        for (var i = 0; i < 5; i++)
        {
            bench.MineWithEvents(i % 2);
            bench.Node.MineEmpty(1);
            bench.Link.Push();
            bench.Pass(TimeSpan.FromSeconds(1));
        }

        var tip = bench.Node.Chain.Skip(301).Select(block => block.Stamp).ToList();
        Assert.Equal(tip, bench.Heads.Values.Select(head => head.Value).TakeLast(tip.Count));
        Assert.Equal(
            bench.Node.Chain.Skip(301).Where((block, index) => index is 0 or 2 or 3 or 5 or 6).Select(block => block.Stamp),
            bench.Completed.Skip(1).Select(told => told.Block));
    }

    [Fact]
    public void After_a_reorganisation_the_last_block_that_stays_is_the_head_and_then_the_new_ones()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        var before = bench.Heads.Values.Count;

        bench.Node.Drop(3);
        bench.MineWithEvents(4);
        bench.Pass(TimeSpan.FromSeconds(20));

        Assert.Equal(
            bench.Node.Chain.Skip(97).Select(block => block.Stamp),
            bench.Heads.Values.Skip(before).Select(head => head.Value));
        Assert.Equal(bench.Node.Head.Stamp, bench.Completed[^1].Block);
    }

    [Fact]
    public void While_the_past_is_read_heads_and_final_blocks_are_told_and_no_block_is_completed()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { MaxBlocksPerRange = 10 });
        bench.MineWithEvents(3_000);
        bench.Node.FinalDepth = 20;
        bench.Link.Latency = TimeSpan.FromSeconds(2);
        bench.Start();
        bench.Pass(TimeSpan.FromSeconds(100));
        Assert.NotNull(bench.LastHealth.Progress);
        bench.MineWithEvents(2);
        bench.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(bench.Node.Head.Stamp, bench.Heads.Values[^1].Value);
        Assert.Equal(bench.Node.Chain[^21].Stamp, bench.FinalHeads.Values[^1].Value);
        Assert.NotNull(bench.LastHealth.Progress);
        Assert.Empty(bench.Completed);
        bench.Link.Latency = TimeSpan.FromSeconds(0.05);
        bench.Pass(TimeSpan.FromMinutes(10));

        bench.AssertComplete();
        Assert.Equal([(bench.Node.Head.Stamp, 3_002)], bench.Completed);
    }

    // Blocks every 12 s: 64 of them are no quarter of an hour.
    [Fact]
    public void Where_the_node_does_not_say_what_is_final_a_block_is_that_is_deep_enough_by_blocks_and_by_time()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(400);
        bench.Catch();
        for (var i = 0; i < 300; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(5));
        }

        var finals = bench.FinalHeads.Values.Select(final => final.Value).ToList();
        Assert.InRange(finals[^1].Number, bench.Node.Head.Number - 156, bench.Node.Head.Number - 150);
        Assert.Equal(finals.OrderBy(final => final.Number), finals);
        Assert.All(finals, final => Assert.Equal(bench.Node.Chain[(int)final.Number].Stamp, final));
    }

    [Fact]
    public void Blocks_that_come_fast_are_not_final_by_their_number_alone()
    {
        var bench = new IntakeBench(node: new FakeNode(blockSeconds: 1));
        bench.MineWithEvents(400);
        bench.Catch();

        Assert.Empty(bench.FinalHeads.Values);
    }

    [Fact]
    public void What_the_node_calls_final_counts_at_once_and_nothing_else_does_for_a_while()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.FromMinutes(1) });
        bench.Node.FinalDepth = 150;
        bench.MineWithEvents(300);
        bench.Catch();
        Assert.Equal(bench.Node.Chain[150].Stamp, bench.FinalHeads.Values[^1].Value);

        bench.Node.FinalDepth = null;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(150UL, bench.FinalHeads.Values[^1].Value.Number);
        bench.MineWithEvents(70);
        bench.Pass(TimeSpan.FromSeconds(60));
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(10));

        Assert.InRange(bench.FinalHeads.Values[^1].Value.Number, 300UL, 310UL);
    }

    [Fact]
    public void A_block_that_the_node_calls_final_on_another_branch_is_none()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        bench.Link.Instead = request => request.Parameters.Span.IndexOf("finalized"u8) >= 0
            ? new RpcResult(Encoding.UTF8.GetBytes(
                (bench.Node.Chain[90] with { Hash = LogText.BlockHashValue }).Json))
            : null;

        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.Empty(bench.FinalHeads.Values);
    }
}
