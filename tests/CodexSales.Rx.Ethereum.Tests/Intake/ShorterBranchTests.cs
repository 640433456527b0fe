using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// Nodes that stand on another branch that is shorter than what was told: it is told, others are asked, and a chain that
/// was set back is followed in the end.
/// </summary>
public sealed class ShorterBranchTests
{
    private static readonly MarketIntakeOptions _options = new() { FinalAge = TimeSpan.Zero };

    [Theory]
    [InlineData(200, 100, 20)]
    [InlineData(200, 75, 3)]
    [InlineData(1_500, 300, 10)]
    [InlineData(1_500, 1_300, 1_000)]
    public void A_chain_that_was_set_back_is_told_first_and_followed_in_the_end(int blocks, int dropped, int instead)
    {
        var bench = new IntakeBench(_options);
        bench.MineWithEvents(1);
        bench.Catch();
        for (var mined = 1; mined < blocks; mined += 50)
        {
            bench.MineWithEvents(Math.Min(50, blocks - mined));
            bench.Pass(TimeSpan.FromSeconds(5));
        }

        bench.AssertComplete();
        bench.Node.Drop(dropped);
        bench.MineWithEvents(instead);
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
        Assert.Matches(
            $"^fake is at block {blocks - dropped + instead} of another branch, far behind block {blocks}, which is known "
                + "already, since [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} UTC.$",
            bench.LastHealth.Problem);
        Assert.Single(bench.Link.Suspicions);
        bench.Pass(TimeSpan.FromMinutes(2));

        bench.AssertComplete();
        Assert.Null(bench.LastHealth.Problem);
        bench.MineWithEvents(5);
        bench.Pass(TimeSpan.FromMinutes(1));
        bench.AssertComplete();
        Assert.Equal(bench.Node.Head.Stamp, bench.Completed[^1].Block);
    }

    // It is on the way to where the host is already: nothing shows that anything was replaced.
    [Fact]
    public void A_node_that_is_behind_on_the_same_branch_is_waited_for_however_long_it_takes()
    {
        var bench = new IntakeBench(_options);
        bench.MineWithEvents(200);
        bench.Catch();
        bench.Link.View = () => [.. bench.Node.Chain.Take(100)];

        bench.Pass(TimeSpan.FromHours(10));

        bench.AssertComplete();
        Assert.StartsWith(
            "fake is at block 99, far behind block 200, which is known already, since ",
            bench.LastHealth.Problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_is_another_node_it_is_asked_and_nothing_is_taken_back()
    {
        var (time, node, other) = (new VirtualTime(), new FakeNode(), new FakeNode());
        node.MineEmpty(200);
        other.Drop(1);
        other.MineEmpty(221);
        using var first = new FakeLink(node, time, "first");
        using var second = new FakeLink(node, time, "second");
        using var both = new FailoverRpcTransport([first, second], null, time);
        var intake = new MarketIntake(both, Recording.Marketplace, _options, null, time);
        var heads = time.Record(intake.Heads);
        var health = time.Record(intake.Health);
        using var run = intake.Events.Subscribe();
        Grow(100);
        IReadOnlyList<FakeBlock> stuck = [.. node.Chain.Take(210), .. other.Chain.Skip(210)];
        first.View = () => stuck;

        Grow(400);

        Assert.Equal(node.Head.Stamp, heads.Values[^1].Value);
        Assert.All(heads.Values.Zip(heads.Values.Skip(1)), pair => Assert.True(pair.Second.Value.Number > pair.First.Value.Number));
        Assert.Contains(
            health.Values,
            value => value.Value.Problem?.StartsWith("first is at block 220 of another branch, ", StringComparison.Ordinal) == true);
        Assert.Equal("first is of no use: second is asked.", health.Values[^1].Value.Notice);

        void Grow(int blocks)
        {
            for (var i = 0; i < blocks; i++)
            {
                node.Mine();
                time.AdvanceBy(TimeSpan.FromSeconds(12));
            }
        }
    }

    [Fact]
    public void A_chain_that_was_set_back_while_the_host_was_off_is_followed_in_the_end()
    {
        var store = new CursorStore();
        var bench = new IntakeBench(_options, store);
        Follow400Blocks(bench).Dispose();

        bench.Node.Drop(300);
        bench.MineWithEvents(100);
        var late = new IntakeBench(_options, store, bench.Node);
        late.Start();
        late.Pass(TimeSpan.FromMinutes(3));
        Assert.Empty(late.Told);
        Assert.StartsWith("fake is at block 400 of another branch, far behind block ", late.LastHealth.Problem, StringComparison.Ordinal);
        late.Pass(TimeSpan.FromMinutes(3));

        late.AssertComplete();
        Assert.Contains("were replaced while this host was off", late.LastHealth.Notice, StringComparison.Ordinal);
    }

    // By blocks that are no more it would wait for as long as the chain was set back.
    [Fact]
    public void After_a_restart_the_branch_that_was_left_is_not_waited_for()
    {
        var store = new CursorStore();
        var bench = new IntakeBench(_options, store);
        using (Follow400Blocks(bench))
        {
            bench.Node.Drop(300);
            bench.MineWithEvents(3);
            bench.Pass(TimeSpan.FromMinutes(10));
            bench.AssertComplete();
        }

        var late = new IntakeBench(_options, store, bench.Node);
        late.Catch();

        late.AssertComplete();
        Assert.All(store.Blocks, block => Assert.Equal(bench.Node.Chain[(int)block.Number].Hash, block.Hash));
    }

    private static IDisposable Follow400Blocks(IntakeBench bench)
    {
        bench.MineWithEvents(200);
        var run = bench.Start();
        for (var i = 0; i < 400; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(5));
        }

        return run;
    }

    private sealed class CursorStore : ICursorStore
    {
        public IReadOnlyList<BlockCursor> Blocks { get; private set; } = [];

        public Task<IReadOnlyList<BlockCursor>> LoadAsync(CancellationToken cancellation) => Task.FromResult(Blocks);

        public Task SaveAsync(IReadOnlyList<BlockCursor> blocks, CancellationToken cancellation)
        {
            Blocks = blocks;
            return Task.CompletedTask;
        }
    }
}
