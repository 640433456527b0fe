namespace CodexSales.Rx.Testing.Tests.Time;

public sealed class ShiftedClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly VirtualTime _time = new();
    private readonly ShiftedClock _clock;

    public ShiftedClockTests() => _clock = new ShiftedClock(_time);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public void Timers_go_on_when_the_clock_is_set(int hours)
    {
        List<TimeSpan> ran = [];
        _clock.Schedule(Hour, () => ran.Add(_time.Elapsed));
        _clock.Schedule(_clock.Now + (2 * Hour), () => ran.Add(_time.Elapsed));
        using var ticks = Observable.Interval(3 * Hour, _clock).Take(2).Subscribe(_ => ran.Add(_time.Elapsed));

        _clock.Shift(hours * Hour);
        _time.RunUntilIdle();

        Assert.Equal(VirtualTime.Start + (6 * Hour) + (hours * Hour), _clock.Now);
        Assert.Equal([Hour, 2 * Hour, 3 * Hour, 6 * Hour], ran);
    }

    [Fact]
    public void What_work_schedules_goes_by_the_clock_that_was_set()
    {
        _clock.Shift(Hour);
        DateTimeOffset? seen = null;

        _clock.Schedule(0, (clock, _) => clock.Schedule(0, clock.Now + Hour, (again, _) =>
        {
            seen = again.Now;
            return System.Reactive.Disposables.Disposable.Empty;
        }));
        _time.RunUntilIdle();

        Assert.Equal(VirtualTime.Start + (2 * Hour), seen);
        Assert.Equal(Hour, _time.Elapsed);
    }

    [Fact]
    public void A_stop_watch_does_not_notice_also_behind_a_ledger()
    {
        var watches = new[] { _clock.StartStopwatch(), new SchedulerLedger(_clock).StartStopwatch() };

        _clock.Shift(5 * Hour);
        _time.AdvanceBy(Hour);

        Assert.All(watches, watch => Assert.Equal(Hour, watch.Elapsed));
    }
}
