using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

public sealed class ConfirmationOperatorsTests
{
    private readonly Subject<MarketEvent> _events = new();
    private readonly Subject<BlockStamp> _heads = new();
    private readonly List<MarketEvent> _seen = [];

    public ConfirmationOperatorsTests() => _events.WithConfirmations(_heads, 3).Subscribe(_seen.Add);

    [Fact]
    public void An_event_waits_until_so_many_blocks_stand_on_its_own()
    {
        _heads.OnNext(Block(10));
        _events.OnNext(Event(10));
        _heads.OnNext(Block(12));
        Assert.Empty(_seen);

        _heads.OnNext(Block(13));

        Assert.Equal([Event(10)], _seen);
    }

    [Fact]
    public void An_old_event_does_not_wait()
    {
        _heads.OnNext(Block(10));

        _events.OnNext(Event(7));
        _events.OnNext(Event(8));

        Assert.Equal([Event(7)], _seen);
    }

    [Fact]
    public void What_is_taken_back_in_time_never_happened()
    {
        _heads.OnNext(Block(10));
        _events.OnNext(Event(9));
        _events.OnNext(Event(10));
        _events.OnNext(new Reverted(Block(10), Event(10)));
        _heads.OnNext(Block(20));

        Assert.Equal([Event(9)], _seen);
    }

    [Fact]
    public void What_is_taken_back_too_late_is_told()
    {
        _heads.OnNext(Block(10));
        _events.OnNext(Event(7));

        _events.OnNext(new Reverted(Block(7), Event(7)));

        Assert.Equal([Event(7), new Reverted(Block(7), Event(7))], _seen);
    }

    [Fact]
    public void That_a_block_is_told_waits_for_it_and_is_not_said_of_one_that_was_replaced()
    {
        var replaced = new BlockTold(Block(11) with { Hash = LogText.BlockHashValue });
        _heads.OnNext(Block(11));
        _events.OnNext(new BlockTold(Block(10)));
        _events.OnNext(Event(11));
        _events.OnNext(replaced);
        _events.OnNext(new Reverted(Block(11), Event(11)));
        _events.OnNext(Event(11));
        _events.OnNext(new BlockTold(Block(11)));
        Assert.Empty(_seen);

        _heads.OnNext(Block(14));

        Assert.Equal([new BlockTold(Block(10)), Event(11), new BlockTold(Block(11))], _seen);
    }

    [Fact]
    public void Over_reorganisations_nothing_comes_that_is_not_deep_enough()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        List<MarketEvent> seen = [];
        using var run = bench.Intake.Events.WithConfirmations(bench.Intake.Heads, 6).Subscribe(happened =>
        {
            Assert.True(happened.Block.Number + 6 <= bench.Heads.Values[^1].Value.Number);
            if (happened is BlockTold told)
            {
                Assert.Equal(bench.Node.Chain[(int)told.Block.Number].Stamp, told.Block);
                return;
            }

            seen.Add(happened);
        });
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            bench.Pass(TimeSpan.FromSeconds(10));
            var depth = random.Next(0, 6);
            bench.Node.Drop(depth);
            bench.MineWithEvents(depth + random.Next(0, 3));
        }

        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.DoesNotContain(seen, happened => happened is Reverted);
        Assert.Equal(bench.Node.Events.Where(happened => happened.Block.Number + 6 <= bench.Node.Head.Number), seen);
    }

    private static BlockStamp Block(ulong number) => new(number, new UnixSeconds(number));

    private static RequestFailed Event(ulong number) => new(Block(number), default);
}
