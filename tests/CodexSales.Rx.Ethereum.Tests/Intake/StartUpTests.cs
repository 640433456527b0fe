using System.Diagnostics;
using System.Reactive.Linq;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Market;
using CodexSales.Rx.Testing;

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
        Assert.InRange(node.MostUnderWay, 1, new MarketIntakeOptions().RangesInFlight);
        Assert.InRange(node.Questions, 1_000, 1_400);
        output.WriteLine(
            $"{Blocks / watch.Elapsed.TotalSeconds:N0} blocks/s, {events / watch.Elapsed.TotalSeconds:N0} events/s, "
            + $"{node.Questions} questions, {(mostBytes - before) >> 10} KiB more than before.");
    }

    private static void AssertNext(MarketEvent happened, ref int events)
    {
        Assert.Equal(SyntheticNode.EventIn((ulong)events * SyntheticNode.BlocksPerEvent), happened);
        events++;
    }
}
