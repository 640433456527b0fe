using System.Diagnostics;
using System.Reactive.Linq;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

public sealed class StartUpTests(ITestOutputHelper output)
{
    private const ulong Blocks = 1_000_000;

    [Fact]
    public void A_long_past_is_read_in_bounded_memory_with_its_progress_told()
    {
        var time = new VirtualTime();
        var node = new SyntheticNode(time, Blocks - 1, maxRange: 2_000, TimeSpan.FromSeconds(0.05));
        var intake = new MarketIntake(node, Recording.Marketplace, null, null, time);
        var (events, mostBytes, next) = (0, 0L, 0UL);
        List<double> fractions = [];
        using var health = intake.Health.Where(health => health.Progress is not null).Subscribe(health =>
        {
            Assert.True(health.Progress!.Next > next);
            next = health.Progress.Next;
            fractions.Add(health.Progress.Fraction);
            mostBytes = fractions.Count % 100 == 0 ? Math.Max(mostBytes, GC.GetTotalMemory(true)) : mostBytes;
        });
        var before = GC.GetTotalMemory(true);
        var watch = Stopwatch.StartNew();

        using var run = intake.Events.Subscribe(happened => AssertNext(happened, ref events));
        time.AdvanceBy(TimeSpan.FromMinutes(10));

        watch.Stop();
        Assert.Equal((int)(Blocks / SyntheticNode.BlocksPerEvent), events);
        Assert.True(fractions.Count >= 480);
        Assert.Equal(1, fractions[^1]);
        Assert.InRange(mostBytes - before, long.MinValue, 32 << 20);
        
        // Beside them the newest block is looked for.
        Assert.InRange(node.MostUnderWay, 1, new MarketIntakeOptions().RangesInFlight + 1);
        
        // Each of 500 ranges twice, with its first and its last block, and one that a log is of.
        Assert.InRange(node.Questions, 2_500, 4_100);
        output.WriteLine(
            $"{Blocks / watch.Elapsed.TotalSeconds:N0} blocks/s, {events / watch.Elapsed.TotalSeconds:N0} events/s, "
            + $"{node.Questions} questions, {(mostBytes - before) >> 10} KiB more than before.");
    }

    [Fact]
    public void A_node_is_asked_no_more_often_than_the_option_says()
    {
        const int mostPerSecond = 25;
        var time = new VirtualTime();
        var node = new SyntheticNode(time, Blocks - 1, maxRange: 2_000, TimeSpan.FromSeconds(0.05));
        using var handler = new SyntheticHandler(node, time);
        Assert.True(RpcEndpoint.TryParse("http://node.example", out var endpoint, out _));
        using var transport = new HttpRpcTransport(
            endpoint, new RpcOptions { MaxPerSecond = mostPerSecond }, time, handler);
        var intake = new MarketIntake(transport, Recording.Marketplace, null, null, time);
        var events = 0;

        using var run = intake.Events.Subscribe(happened => AssertNext(happened, ref events));
        time.AdvanceBy(TimeSpan.FromMinutes(3));

        Assert.Equal((int)(Blocks / SyntheticNode.BlocksPerEvent), events);
        Assert.True(handler.Asked.Count >= 1_000);
        foreach (var (index, asked) in handler.Asked.Index())
        {
            // One message may hold several questions: its turn comes when there is room for the first of them.
            var second = handler.Asked.Skip(index).TakeWhile(later => later < asked + TimeSpan.FromSeconds(1));
            Assert.InRange(second.Count(), 1, mostPerSecond + new RpcOptions().MaxBatch - 1);
        }
    }

    private static void AssertNext(MarketEvent happened, ref int events)
    {
        if (happened is BlockTold)
        {
            return;
        }

        Assert.Equal(SyntheticNode.EventIn((ulong)events * SyntheticNode.BlocksPerEvent), happened);
        events++;
    }
}
