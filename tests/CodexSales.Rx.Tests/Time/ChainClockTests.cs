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
    public void It_follows_the_blocks_also_back_to_where_a_chain_goes_on_that_had_stood_still()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        _time.AdvanceBy(TimeSpan.FromSeconds(30));
        Assert.Equal(new UnixSeconds(1030), clock.Now);

        clock.Observe(Block(2, 1010));
        Assert.Equal(new UnixSeconds(1010), clock.Now);

        _time.AdvanceBy(TimeSpan.FromSeconds(19));
        Assert.Equal(new UnixSeconds(1029), clock.Now);
    }

    [Fact]
    public void It_runs_no_more_than_ten_minutes_ahead_of_the_newest_block()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));

        _time.AdvanceBy(TimeSpan.FromMinutes(10));
        Assert.Equal(new UnixSeconds(1600), clock.Now);

        _time.AdvanceBy(TimeSpan.FromDays(1));
        Assert.Equal(new UnixSeconds(1600), clock.Now);
    }

    [Theory]
    [InlineData(12, 1, 1)]
    [InlineData(12, 4, 4)]
    [InlineData(12, 10, 10)]
    [InlineData(0.25, 1, 1)]
    [InlineData(2, 4, 4)]
    public void It_knows_how_fast_the_chain_makes_up_for_a_time_in_which_it_stood_still(double blockSeconds, int speed, int expected)
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        _time.AdvanceBy(TimeSpan.FromHours(1));
        Assert.Equal(1, clock.Speed);

        for (var number = 2UL; number < 1_000; number++)
        {
            clock.Observe(Block(number, 1000 + (ulong)(number * blockSeconds)));
            _time.AdvanceBy(TimeSpan.FromSeconds(blockSeconds / speed));
        }

        Assert.InRange(clock.Speed, expected - 0.05, expected + 0.05);
    }

    [Fact]
    public void Blocks_that_are_told_in_a_row_after_an_outage_are_not_fast()
    {
        using var clock = new ChainClock(_time);
        for (var minute = 0UL; minute < 5; minute++)
        {
            for (var number = 0UL; number < 50; number++)
            {
                clock.Observe(Block((minute * 50) + number, 1000 + (minute * 600) + (number * 12)));
                _time.AdvanceBy(TimeSpan.FromSeconds(0.1));
                Assert.InRange(clock.Speed, 1, 1.03);
            }

            _time.AdvanceBy(TimeSpan.FromSeconds(595));
        }
    }

    [Fact]
    public void A_moment_that_was_past_before_the_chain_went_back_is_waited_for_again()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        _time.AdvanceBy(TimeSpan.FromSeconds(300));
        clock.Observe(Block(2, 1001));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1100)));

        _time.AdvanceBy(TimeSpan.FromSeconds(99.9));
        Assert.Empty(past.Values);

        _time.AdvanceBy(TimeSpan.FromSeconds(0.1));
        Assert.Single(past.Values);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public void A_clock_of_the_machine_that_is_set_does_not_move_it(int minutes)
    {
        var machine = new ShiftedClock(_time);
        using var clock = new ChainClock(machine);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1100)));
        _time.AdvanceBy(TimeSpan.FromSeconds(10));

        machine.Shift(TimeSpan.FromMinutes(minutes));
        Assert.Equal(new UnixSeconds(1010), clock.Now);

        _time.AdvanceBy(TimeSpan.FromSeconds(90.9));
        Assert.Empty(past.Values);
        _time.AdvanceBy(TimeSpan.FromSeconds(0.1));
        Assert.Single(past.Values);
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
    public void A_moment_in_the_far_future_is_not_past_before_a_block_has_come_near_it()
    {
        const ulong FarOff = 1000 + (400UL * 86_400);
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(FarOff)));

        _time.AdvanceBy(TimeSpan.FromDays(401));
        Assert.Empty(past.Values);

        clock.Observe(Block(2, FarOff - 599));
        _time.AdvanceBy(TimeSpan.FromSeconds(599.9));
        Assert.Empty(past.Values);

        _time.AdvanceBy(TimeSpan.FromSeconds(0.1));
        Assert.Single(past.Values);
    }

    [Fact]
    public void A_moment_that_is_farther_off_than_it_runs_ahead_is_past_with_the_block_that_says_so()
    {
        using var clock = new ChainClock(_time);
        clock.Observe(Block(1, 1000));
        var past = _time.Record(clock.WhenPast(new UnixSeconds(1600)));

        _time.AdvanceBy(TimeSpan.FromHours(1));
        Assert.Empty(past.Values);
        Assert.Equal(0, _time.PendingCount);

        clock.Observe(Block(2, 1601));
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
