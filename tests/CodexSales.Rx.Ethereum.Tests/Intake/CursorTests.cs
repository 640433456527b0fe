using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

public sealed class CursorTests
{
    [Fact]
    public void A_final_block_is_saved_as_the_chain_grows()
    {
        var store = new Store();
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero }, store);
        bench.MineWithEvents(200);
        bench.Catch();

        for (var i = 0; i < 100; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(store.Saves, 3, 5);
        Assert.InRange(store.Blocks[^1].Number, 200UL, 236UL);
        Assert.All(store.Blocks, block => Assert.Equal(bench.Node.Chain[(int)block.Number].Hash, block.Hash));
    }

    [Fact]
    public void A_node_behind_what_was_known_is_waited_for()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        var cursor = new BlockCursor(150, bench.Node.Chain[150].Hash);
        var late = new IntakeBench(cursors: new Store { Blocks = [cursor] }, node: bench.Node);
        late.Link.View = () => [.. bench.Node.Chain.Take(100)];
        late.Start();

        late.Pass(TimeSpan.FromMinutes(1));
        Assert.StartsWith(
            "fake is at block 99, far behind block 150, which is known already, since ",
            late.LastHealth.Problem,
            StringComparison.Ordinal);
        Assert.Empty(late.Told);
        late.Link.View = () => bench.Node.Chain;
        late.Pass(TimeSpan.FromMinutes(1));

        late.AssertComplete();
    }

    [Fact]
    public void A_chain_that_was_begun_anew_is_an_error_that_says_how_to_go_on_unless_that_was_said()
    {
        var store = new Store { Blocks = [new BlockCursor(50, default), new BlockCursor(90, default)] };
        var bench = new IntakeBench(cursors: store);
        bench.MineWithEvents(200);
        bench.Catch();
        Assert.Equal(
            $"Block 50 is not {default(Bytes32)} any more, the oldest one by which the chain is known: a reorganisation that "
            + "is too deep to take back, or another chain. To go on with this chain as it is now, begin once with "
            + "--forget-blocks: sales are kept.",
            Assert.IsType<ChainUntrustedException>(bench.Error).Message);
        Assert.Empty(bench.Told);
        Assert.Empty(bench.Heads.Values);

        var anew = new IntakeBench(
            new MarketIntakeOptions { ForgetsBlocks = true, FinalAge = TimeSpan.Zero }, store, bench.Node);
        anew.Catch();

        anew.AssertComplete();
        Assert.All(store.Blocks, block => Assert.Equal(bench.Node.Chain[(int)block.Number].Hash, block.Hash));
    }

    [Fact]
    public void A_back_end_of_another_chain_is_waited_out()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        var other = new FakeNode();
        other.Drop(1);
        other.MineEmpty(200);
        var late = new IntakeBench(
            cursors: new Store { Blocks = [new BlockCursor(150, bench.Node.Chain[150].Hash)] }, node: bench.Node);
        late.Link.View = () => other.Chain;
        late.Start();
        late.Pass(TimeSpan.FromSeconds(15));
        Assert.StartsWith("Block 150 is not ", late.LastHealth.Problem, StringComparison.Ordinal);

        late.Link.View = () => bench.Node.Chain;
        late.Pass(TimeSpan.FromMinutes(1));

        late.AssertComplete();
    }

    [Fact]
    public void A_host_that_was_off_during_a_deep_reorganisation_goes_on_from_the_last_block_that_stands()
    {
        var store = new Store();
        var options = new MarketIntakeOptions { FinalAge = TimeSpan.Zero };
        var bench = new IntakeBench(options, store);
        bench.MineWithEvents(200);
        using (bench.Start())
        {
            for (var i = 0; i < 400; i++)
            {
                bench.MineWithEvents(1);
                bench.Pass(TimeSpan.FromSeconds(5));
            }
        }

        var saved = store.Blocks;
        bench.Node.Drop(300);
        bench.MineWithEvents(310);
        var late = new IntakeBench(options, store, bench.Node);
        late.Catch();

        late.AssertComplete();
        var standing = saved.Last(block => bench.Node.Chain[(int)block.Number].Hash == block.Hash);
        Assert.InRange(standing.Number, 250UL, 300UL);
        Assert.Contains($"after block {standing.Number} were replaced", late.LastHealth.Notice, StringComparison.Ordinal);
        Assert.All(store.Blocks, block => Assert.Equal(bench.Node.Chain[(int)block.Number].Hash, block.Hash));
    }

    [Fact]
    public void A_node_that_has_the_known_blocks_no_more_is_believed_and_it_is_told()
    {
        var store = new Store { Blocks = [new BlockCursor(50, default), new BlockCursor(90, default)] };
        var bench = new IntakeBench(new MarketIntakeOptions { LookBack = TimeSpan.FromMinutes(10) }, store);
        bench.MineWithEvents(300);
        bench.Link.Instead = PrunedHistoryTests.Keep(200, "4444");

        bench.Catch();

        Assert.Equal(bench.Node.Events.TakeLast(65), bench.Net);
        Assert.Equal(
            "The node has none of the blocks any more by which the chain was known, up to block 90.",
            bench.LastHealth.Notice);
        Assert.Null(bench.LastHealth.Missing);
    }

    // The nearer, the denser: the one before the newest is an hour away, the oldest one months.
    [Fact]
    public async Task About_a_hundred_blocks_are_kept_over_any_time()
    {
        var store = new Store();
        var (time, options) = (new VirtualTime(), new MarketIntakeOptions());
        var chain = new CanonicalChain();
        using var link = new FakeLink(new FakeNode(), time);
        var anchors = new ChainAnchors(
            store, null!, options, new IntakeStatus(link, options.StallAfter, time), time, CancellationToken.None);
        for (var number = 0UL; number < 2_000_000; number += 32)
        {
            var block = new BlockStamp(number, new UnixSeconds(12 * number));
            chain.Push(new CanonicalBlock(block, []));
            var saving = anchors.SaveAsync(block, chain);
            time.RunDue();
            await saving;
        }

        Assert.Equal(100, store.Blocks.Count);
        Assert.Equal(0UL, store.Blocks[0].Number);
        Assert.All(
            store.Blocks.Zip(store.Blocks.Skip(1)).SkipLast(1),
            pair => Assert.InRange(pair.Second.Number - pair.First.Number, 32UL, 64 + ((2_000_000 - pair.Second.Number) / 3)));
    }

    [Fact]
    public void A_store_that_fails_is_told_and_stops_no_event()
    {
        var store = new Store { Failure = new IOException("disk full") };
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero }, store);
        bench.MineWithEvents(200);
        bench.Catch();

        bench.MineWithEvents(5);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.Equal("By which blocks the chain is known can't be saved: disk full", bench.LastHealth.Problem);
    }

    private sealed class Store : ICursorStore
    {
        public IReadOnlyList<BlockCursor> Blocks { get; set; } = [];

        public int Saves { get; private set; }

        public Exception? Failure { get; init; }

        public Task<IReadOnlyList<BlockCursor>> LoadAsync(CancellationToken cancellation) => Task.FromResult(Blocks);

        public Task SaveAsync(IReadOnlyList<BlockCursor> blocks, CancellationToken cancellation)
        {
            Saves++;
            Blocks = blocks;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
