namespace CodexSales.Rx.Testing.Tests.Time;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _log = [];

    [Fact]
    public void Work_runs_in_order_of_time_and_then_of_scheduling()
    {
        _time.Schedule(TimeSpan.FromSeconds(2), () => _log.Add("late"));
        _time.Schedule(TimeSpan.FromSeconds(1), () => _log.Add("first"));
        _time.Schedule(VirtualTime.Start.AddSeconds(1), () => _log.Add("second"));
        _time.Schedule(() => _log.Add("now"));

        _time.RunUntilIdle();

        Assert.Equal(["now", "first", "second", "late"], _log);
        Assert.Equal(TimeSpan.FromSeconds(2), _time.Elapsed);
    }

    [Fact]
    public void Nothing_runs_before_the_clock_is_moved()
    {
        _time.Schedule(() => _log.Add("now"));

        Assert.Empty(_log);
        _time.RunDue();
        Assert.Equal(["now"], _log);
    }

    [Fact]
    public void Advancing_runs_what_is_due_at_the_end_and_nothing_later()
    {
        _time.Schedule(TimeSpan.FromSeconds(5), () => _log.Add("due"));
        _time.Schedule(TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(1), () => _log.Add("not due"));

        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        Assert.Equal(["due"], _log);
        Assert.Equal(1, _time.PendingCount);
    }

    [Fact]
    public void What_is_due_in_the_past_runs_after_what_is_due_now()
    {
        _time.AdvanceBy(TimeSpan.FromSeconds(10));
        _time.Schedule(() => _log.Add("now"));
        _time.Schedule(VirtualTime.Start, () => _log.Add("past"));

        _time.RunDue();

        Assert.Equal(["now", "past"], _log);
        Assert.Equal(TimeSpan.FromSeconds(10), _time.Elapsed);
    }

    [Fact]
    public void The_clock_cannot_be_moved_back() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.AdvanceBy(TimeSpan.FromTicks(-1)));

    [Fact]
    public void Cancelled_work_is_not_pending_and_does_not_run()
    {
        var timer = _time.Schedule(TimeSpan.FromSeconds(1), () => _log.Add("ran"));

        timer.Dispose();

        Assert.Equal(0, _time.PendingCount);
        _time.RunUntilIdle();
        Assert.Empty(_log);
        Assert.Equal(VirtualTime.Start, _time.Now);
    }

    [Fact]
    public void Cancelling_work_that_ran_disposes_what_it_returned()
    {
        var timer = _time.Schedule(
            0, (scheduler, _) => scheduler.Schedule(TimeSpan.FromSeconds(1), () => _log.Add("ran")));
        _time.RunDue();

        timer.Dispose();

        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void An_endless_loop_at_one_moment_is_an_error()
    {
        var time = new VirtualTime(stepsPerMoment: 1000);
        time.Schedule(again => again());

        var error = Assert.Throws<InvalidOperationException>(() => time.AdvanceBy(TimeSpan.FromSeconds(1)));

        Assert.Contains("endless loop", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timer_that_never_stops_is_an_error_when_running_until_idle()
    {
        using var subscription = Observable.Interval(TimeSpan.FromSeconds(1), _time).Subscribe();

        var error = Assert.Throws<InvalidOperationException>(() => _time.RunUntilIdle(stepLimit: 1000));

        Assert.Contains("1000 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_keep_time_by_it()
    {
        using var ticks = _time.Record(Observable.Interval(TimeSpan.FromHours(1), _time).Take(3));

        _time.RunUntilIdle();

        Assert.Equal(
            [new(TimeSpan.FromHours(1), 0L), new(TimeSpan.FromHours(2), 1L), new(TimeSpan.FromHours(3), 2L)],
            ticks.Values);
        Assert.Equal(TimeSpan.FromHours(3), ticks.EndedAt);
        Assert.True(ticks.IsCompleted);
    }

    [Fact]
    public void A_call_runs_until_its_task_has_completed_and_no_further()
    {
        _time.Schedule(TimeSpan.FromHours(1), () => _log.Add("later"));

        var answer = _time.Run(() => AnswerAfterAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal(42, answer);
        Assert.Equal(TimeSpan.FromMinutes(2), _time.Elapsed);
        Assert.Equal(1, _time.PendingCount);
    }

    [Fact]
    public void A_task_that_nothing_can_complete_is_an_error()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _time.Run(() => new TaskCompletionSource().Task));

        Assert.Contains("nothing can complete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_of_a_call_comes_out_as_it_is()
    {
        var failed = Task.FromException(new TimeoutException("late"));

        var error = Assert.Throws<TimeoutException>(() => _time.Run(() => failed));

        Assert.Equal("late", error.Message);
    }

    [Fact]
    public void The_synchronization_context_is_away_while_work_runs_and_back_afterwards()
    {
        var before = SynchronizationContext.Current;
        var own = new SynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(own);
        SynchronizationContext? inside = own;
        _time.Schedule(() => inside = SynchronizationContext.Current);

        _time.RunDue();

        Assert.Null(inside);
        Assert.Same(own, SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(before);
    }

    private async Task<int> AnswerAfterAsync(TimeSpan delay)
    {
        var thread = Environment.CurrentManagedThreadId;
        await _time.Sleep(delay);
        await _time.Sleep(delay);
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        return 42;
    }

    [Fact]
    public void Time_stands_where_a_task_has_completed_that_lets_its_awaiters_go_on_elsewhere()
    {
        var time = new VirtualTime();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        time.Schedule(TimeSpan.FromSeconds(5), answer.SetResult);
        using var ticks = Observable.Interval(TimeSpan.FromSeconds(1), time).Subscribe();

        time.Run(() => answer.Task);

        Assert.Equal(TimeSpan.FromSeconds(5), time.Elapsed);
    }
}
