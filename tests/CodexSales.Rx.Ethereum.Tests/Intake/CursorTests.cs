using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Storing;

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
        Assert.InRange(store.Cursor!.Value.Number, 200UL, 236UL);
        Assert.Equal(bench.Node.Chain[(int)store.Cursor.Value.Number].Hash, store.Cursor.Value.Hash);
    }

    [Fact]
    public void A_node_behind_what_was_known_is_waited_for()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(200);
        var cursor = new BlockCursor(150, bench.Node.Chain[150].Hash);
        var late = new IntakeBench(cursors: new Store { Cursor = cursor }, node: bench.Node);
        late.Link.View = () => [.. bench.Node.Chain.Take(100)];
        late.Start();

        late.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(
            "The node is at block 99, behind block 150, which this host knew already.", late.LastHealth.Problem);
        Assert.Empty(late.Told);
        late.Link.View = () => bench.Node.Chain;
        late.Pass(TimeSpan.FromMinutes(1));

        late.AssertComplete();
    }

    [Fact]
    public void A_chain_that_was_begun_anew_is_an_error()
    {
        var bench = new IntakeBench(cursors: new Store { Cursor = new BlockCursor(50, default) });
        bench.MineWithEvents(200);

        bench.Catch();

        Assert.Contains(
            "it was 0x0000", Assert.IsType<ChainUntrustedException>(bench.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_fails_is_told_and_stops_no_event()
    {
        var store = new Store { Failure = new IOException("disk full") };
        var bench = new IntakeBench(cursors: store);
        bench.MineWithEvents(200);
        bench.Catch();

        bench.MineWithEvents(5);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.Equal("How far the events were read can't be saved: disk full", bench.LastHealth.Problem);
    }

    private sealed class Store : ICursorStore
    {
        public BlockCursor? Cursor { get; set; }

        public int Saves { get; private set; }

        public Exception? Failure { get; init; }

        public Task<BlockCursor?> LoadAsync(CancellationToken cancellation) => Task.FromResult(Cursor);

        public Task SaveAsync(BlockCursor cursor, CancellationToken cancellation)
        {
            Saves++;
            Cursor = cursor;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
