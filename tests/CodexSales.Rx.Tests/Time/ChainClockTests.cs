using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Testing;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Tests.Time;

public sealed class ChainClockTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void It_carries_the_newest_block_forward()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));

        _time.AdvanceBy(TimeSpan.FromSeconds(5.9));

        Assert.Equal(new UnixSeconds(1005), clock.Now);
    }

    [Fact]
    public void It_stands_still_until_a_chain_that_it_ran_ahead_of_has_caught_up()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        _time.AdvanceBy(TimeSpan.FromSeconds(30));

        clock.Observe(Block(2, 1010));
        Assert.Equal(new UnixSeconds(1030), clock.Now);

        _time.AdvanceBy(TimeSpan.FromSeconds(19));
        Assert.Equal(new UnixSeconds(1030), clock.Now);

        _time.AdvanceBy(TimeSpan.FromSeconds(2));
        Assert.Equal(new UnixSeconds(1031), clock.Now);
    }

    [Fact]
    public void A_moment_is_past_one_second_later_and_not_before()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1010)));

        _time.AdvanceBy(TimeSpan.FromSeconds(10.9));
        Assert.Empty(past.Values);

        _time.AdvanceBy(TimeSpan.FromSeconds(0.1));
        Assert.Single(past.Values);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void A_block_that_jumps_ahead_brings_a_moment_into_the_past_at_once()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1010)));

        clock.Observe(Block(2, 1011));

        Assert.Single(past.Values);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void A_moment_in_the_far_future_is_waited_for_in_parts()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1000 + (400UL * 86_400))));

        _time.AdvanceBy(TimeSpan.FromDays(400));
        Assert.Empty(past.Values);

        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Single(past.Values);
    }

    [Fact]
    public void The_end_of_time_is_never_past()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(UnixSeconds.MaxValue));

        _time.AdvanceBy(TimeSpan.FromDays(3650));

        Assert.Empty(past.Values);
    }

    private static BlockStamp Block(ulong number, ulong time) => new(number, new UnixSeconds(time));
}
