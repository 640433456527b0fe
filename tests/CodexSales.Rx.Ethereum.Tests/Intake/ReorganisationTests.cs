using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Blocks that are replaced, and back ends that are behind: what was told is taken back, or nothing is.</summary>
public sealed class ReorganisationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(10, 10)]
    [InlineData(60, 61)]
    public void A_reorganisation_takes_back_newest_first_and_tells_what_came_instead(int depth, int instead)
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100, perBlock: 2);
        bench.Catch();
        var before = bench.Told.Count;
        var gone = bench.Node.Chain.TakeLast(depth).SelectMany(block => block.Events).Reverse().ToList();

        bench.Node.Drop(depth);
        bench.MineWithEvents(instead, perBlock: 2);
        bench.Pass(TimeSpan.FromSeconds(20));

        bench.AssertComplete();
        var reverts = bench.Told.Skip(before).Take(gone.Count).Cast<Reverted>().ToList();
        Assert.Equal(gone, reverts.Select(revert => revert.Original));
        Assert.All(reverts, revert => Assert.Equal(
            bench.Node.Chain[(int)revert.Original.Block.Number].Stamp, revert.Block));
    }

    [Fact]
    public void The_same_event_in_another_block_is_taken_back_and_told_again()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(50);
        var happened = bench.Something();
        bench.Node.Mine([happened]);
        bench.Catch();

        bench.Node.Drop(1);
        bench.Node.Mine();
        bench.Node.Mine([happened]);
        bench.Pass(TimeSpan.FromSeconds(20));

        bench.AssertComplete();
        Assert.IsType<Reverted>(bench.Told[^2]);
    }

    [Fact]
    public void A_chain_that_was_cut_back_is_believed_when_it_is_seen_again()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();

        bench.Node.Drop(5);
        bench.MineWithEvents(2);
        bench.Pass(TimeSpan.FromSeconds(4.5));
        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
        bench.Pass(TimeSpan.FromSeconds(4.5));

        bench.AssertComplete();
        Assert.Equal(97UL, bench.Heads.Values[^1].Value.Number);
    }

    [Fact]
    public void A_back_end_that_is_behind_delays_and_takes_nothing_back()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        bench.Node.KeepsViews = true;
        bench.MineWithEvents(5);
        var random = new Random(1);
        bench.Link.View = () => bench.Node.Views[^random.Next(1, 6)];

        for (var i = 0; i < 200; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(1));
        }

        bench.Link.View = () => bench.Node.Chain;
        bench.Pass(TimeSpan.FromMinutes(1));
        bench.AssertComplete();
        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
    }

    [Fact]
    public void A_back_end_without_the_blocks_of_a_range_is_not_believed()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { MaxBlocksPerRange = 100 });
        bench.MineWithEvents(1_000);
        var random = new Random(1);
        IReadOnlyList<FakeBlock> behind = [.. bench.Node.Chain.Take(500)];
        bench.Link.View = () => random.Next(2) == 0 ? behind : bench.Node.Chain;

        bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));
        bench.Link.View = () => bench.Node.Chain;
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
    }

    [Fact]
    public void After_a_long_pause_ranges_are_read_again_and_the_branch_that_was_left_is_taken_back()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero });
        bench.MineWithEvents(100);
        bench.Catch();
        bench.Link.Instead = _ => new RpcNoAnswer("down", false);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.Node.Drop(3);
        bench.MineWithEvents(3_000);
        bench.Link.Instead = _ => null;
        bench.Link.Asked.Clear();
        bench.Pass(TimeSpan.FromMinutes(2));

        bench.AssertComplete();
        Assert.Contains(bench.Told, happened => happened is Reverted);
        Assert.InRange(bench.Link.Asked.Count, 1, 500);
    }
}
