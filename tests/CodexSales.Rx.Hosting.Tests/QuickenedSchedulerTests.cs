using System.Reactive.Concurrency;

namespace CodexSales.Rx.Hosting.Tests;

public sealed class QuickenedSchedulerTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Time_goes_on_from_where_it_is_when_its_speed_changes()
    {
        var scheduler = new QuickenedScheduler(_time, 60);
        _time.AdvanceBy(TimeSpan.FromSeconds(2));
        scheduler.SetFactor(10);
        _time.AdvanceBy(TimeSpan.FromSeconds(3));
        Assert.Equal(VirtualTime.Start + TimeSpan.FromSeconds(120 + 30), scheduler.Now);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(6)]
    public void What_is_due_comes_at_its_time_whatever_the_speed_becomes(int factor)
    {
        var scheduler = new QuickenedScheduler(_time, 60);
        var at = new List<DateTimeOffset>();
        foreach (var minutes in new[] { 3, 1, 2 })
        {
            scheduler.Schedule(TimeSpan.FromMinutes(minutes), () => at.Add(scheduler.Now));
        }

        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        scheduler.SetFactor(factor);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        Assert.Equal([1, 2, 3], at.Select(moment => (moment - VirtualTime.Start).TotalMinutes));
    }

    [Fact]
    public void What_was_taken_back_does_not_come_when_the_speed_changes()
    {
        var scheduler = new QuickenedScheduler(_time, 60);
        var came = 0;
        scheduler.Schedule(TimeSpan.FromMinutes(1), () => came++).Dispose();
        scheduler.SetFactor(1_000);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        Assert.Equal(0, came);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void What_schedules_itself_again_is_taken_back_as_a_whole()
    {
        var scheduler = new QuickenedScheduler(_time, 60);
        var came = 0;
        var again = scheduler.Schedule(TimeSpan.FromMinutes(1), next =>
        {
            came++;
            next(TimeSpan.FromMinutes(1));
        });
        _time.AdvanceBy(TimeSpan.FromSeconds(2.5));
        scheduler.SetFactor(120);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        again.Dispose();
        _time.AdvanceBy(TimeSpan.FromMinutes(1));
        Assert.Equal(4, came);
        Assert.Equal(0, _time.PendingCount);
    }
}
