using System.Reactive.Subjects;

namespace CodexSales.Rx.Testing.Tests.Chain;

public sealed class MarketEventTroublesTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly Subject<MarketEvent> _events = new();

    public void Dispose() => _events.Dispose();

    [Fact]
    public void A_slow_event_holds_up_those_behind_it()
    {
        using var heard = _time.Record(
            _events.DelayInOrder(happened => TimeSpan.FromSeconds(happened.Block.Number == 2 ? 10 : 0), _time));

        for (var number = 1UL; number <= 3; number++)
        {
            _events.OnNext(At(number));
        }

        _time.AdvanceBy(TimeSpan.FromSeconds(20));
        _events.OnNext(At(4));

        Assert.Equal(
            [(0, 1UL), (10, 2UL), (10, 3UL), (20, 4UL)],
            heard.Values.Select(each => ((int)each.At.TotalSeconds, each.Value.Block.Number)));
    }

    [Fact]
    public void Whoever_unsubscribes_leaves_no_timer()
    {
        var subscription = _events.DelayInOrder(_ => TimeSpan.FromSeconds(1), _time).Subscribe();
        _events.OnNext(At(1));

        subscription.Dispose();

        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void Some_events_are_told_twice_but_never_that_one_is_taken_back()
    {
        using var heard = _time.Record(_events.TellTwice(happened => happened.Block.Number != 1));

        _events.OnNext(At(1));
        _events.OnNext(At(2));
        _events.OnNext(new Reverted(At(3).Block, At(2)));

        Assert.Equal([1UL, 2, 2, 3], heard.Values.Select(each => each.Value.Block.Number));
    }

    private static RequestFailed At(ulong number) => new(new BlockStamp(number, new UnixSeconds(number)), default);
}
