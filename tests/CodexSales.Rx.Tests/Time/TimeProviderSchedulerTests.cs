using Microsoft.Extensions.Time.Testing;

namespace CodexSales.Rx.Tests.Time;

public sealed class TimeProviderSchedulerTests
{
    private readonly FakeTimeProvider _time = new(VirtualTime.Start);
    private readonly IScheduler _scheduler;
    private readonly List<string> _came = [];

    public TimeProviderSchedulerTests() => _scheduler = _time.ToScheduler();

    private TimeSpan Elapsed => _time.GetUtcNow() - VirtualTime.Start;

    [Fact]
    public void What_is_scheduled_comes_at_its_time_by_the_clock_of_the_provider()
    {
        foreach (var seconds in new[] { 30, 10, 20.0005 })
        {
            _scheduler.Schedule(TimeSpan.FromSeconds(seconds), () => Note("span"));
        }

        _scheduler.Schedule(VirtualTime.Start.AddSeconds(15), () => Note("moment"));
        AdvanceTo(9.9999, 10, 14.9999, 15, 20.0004, 20.0005, 29.9999, 30, 100);

        Assert.Equal(["span 10", "moment 15", "span 20.0005", "span 30"], _came);
        Assert.Equal(VirtualTime.Start.AddSeconds(100), _scheduler.Now);
    }

    [Fact]
    public void All_that_is_due_comes_in_the_order_of_its_time_and_of_its_scheduling()
    {
        var cancelled = Enumerable.Range(0, 4).Select(_ => _scheduler.Schedule(TimeSpan.FromSeconds(9), () => Note("cancelled"))).ToList();
        Schedule("c", 2);
        Schedule("a", 1);
        cancelled.ForEach(work => work.Dispose()); // Leaves gaps among what the provider waits for.
        Schedule("d", 2);
        Schedule("b", 1);
        Schedule("e", 2);
        AdvanceTo(10);

        Assert.Equal(["a 10", "b 10", "c 10", "d 10", "e 10"], _came);

        void Schedule(string name, int seconds) => _scheduler.Schedule(TimeSpan.FromSeconds(seconds), () => Note(name));
    }

    [Fact]
    public void A_wait_may_be_longer_than_any_timer_and_is_not_a_moment_too_short()
    {
        var days = TimeSpan.FromDays(100).TotalSeconds;
        _scheduler.Schedule(TimeSpan.FromSeconds(days + 0.25), () => Note("late"));
        _scheduler.Schedule(TimeSpan.MaxValue, () => Note("never"));
        _scheduler.Schedule(DateTimeOffset.MaxValue, () => Note("never"));
        for (var day = 1; day <= 100; day++)
        {
            AdvanceTo(TimeSpan.FromDays(day).TotalSeconds);
        }

        AdvanceTo(days + 0.2499);
        Assert.Empty(_came);
        AdvanceTo(days + 0.25, 2 * days);
        Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"late {days + 0.25}")], _came);
    }

    [Fact]
    public void What_a_timer_brings_too_early_waits_on()
    {
        var early = new EarlyTimers(TimeSpan.FromMilliseconds(4));
        early.ToScheduler().Schedule(TimeSpan.FromSeconds(1), () => Note("due"));
        foreach (var milliseconds in new[] { 990, 6, 3 })
        {
            early.Advance(TimeSpan.FromMilliseconds(milliseconds));
            Assert.Empty(_came);
        }

        early.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(_came);
    }

    [Fact]
    public void A_period_does_not_drift_however_late_its_timers_come()
    {
        var ticks = 0;
        using var period = Observable.Interval(TimeSpan.FromSeconds(1), _scheduler).Subscribe(_ => ticks++);
        for (var step = 1; step <= 100; step++)
        {
            AdvanceTo(step * 1.3);
            Assert.Equal((int)(step * 1.3), ticks);
        }
    }

    [Fact]
    public void What_schedules_itself_again_sees_each_of_its_moments_and_is_taken_back_as_a_whole()
    {
        var again = _scheduler.Schedule(TimeSpan.FromSeconds(1), next =>
        {
            Note("again");
            next(TimeSpan.FromSeconds(1));
        });
        AdvanceTo(1, 2, 3);
        again.Dispose();
        AdvanceTo(4, 5);

        Assert.Equal(["again 1", "again 2", "again 3"], _came);
    }

    [Fact]
    public async Task What_was_cancelled_does_not_come_and_what_it_has_begun_is_disposed_of()
    {
        using var begun = new BooleanDisposable();
        var later = _scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("later"));
        var work = _scheduler.Schedule(0, TimeSpan.FromSeconds(1), (_, _) => begun);
        var first = _scheduler.Schedule(TimeSpan.FromSeconds(2), later.Dispose);
        _scheduler.Schedule(TimeSpan.FromSeconds(2), () => Note("after"));
        later.Dispose();
        AdvanceTo(2);
        Assert.False(begun.IsDisposed);
        work.Dispose();
        first.Dispose();
        Assert.True(begun.IsDisposed);
        Assert.Equal(["after 2"], _came);

        using var busy = new ManualResetEventSlim();
        _scheduler.Schedule(() => busy.Wait());
        _scheduler.Schedule(() => Note("now")).Dispose();
        busy.Set();
        await SettleAsync();
        Assert.Single(_came);
    }

    [Fact]
    public async Task What_is_due_already_comes_before_what_is_scheduled_now_though_its_timer_is_late()
    {
        var late = new LateTimers(TimeSpan.FromMilliseconds(10));
        var scheduler = late.ToScheduler();
        scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("due"));
        late.Advance(TimeSpan.FromMilliseconds(1_005));
        Assert.Empty(_came);

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.Schedule(() => Note("now"));
        scheduler.Schedule(done.SetResult);
        await done.Task;

        Assert.Equal(["due", "now"], _came.Select(came => came.Split(' ')[0]));
        Assert.True(late.HasNoContext);
    }

    [Fact]
    public void All_runs_on_a_scheduler_that_is_given_as_long_as_that_one_is_there()
    {
        var thread = new HistoricalScheduler();
        var scheduler = _time.ToScheduler(thread);
        scheduler.Schedule(TimeSpan.FromSeconds(2), () => Note("b"));
        scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("a"));
        scheduler.Schedule(() => Note("now"));
        AdvanceTo(10);
        Assert.Empty(_came);
        thread.Start();
        Assert.Equal(["now 10", "a 10", "b 10"], _came);

        // What else waits for its turn there has it in between, also where time goes on in the middle of something.
        _came.Clear();
        scheduler.Schedule(() =>
        {
            Note("long");
            thread.Schedule(() => Note("another's"));
            _time.Advance(TimeSpan.FromSeconds(5));
        });
        scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("d"));
        scheduler.Schedule(TimeSpan.FromSeconds(2), () => scheduler.Schedule(() => Note("last")));
        scheduler.Schedule(TimeSpan.FromSeconds(3), () => Note("e"));
        thread.Start();
        Assert.Equal(["long 10", "another's 15", "d 15", "e 15", "last 15"], _came);

        var ended = new EventLoopScheduler();
        scheduler = _time.ToScheduler(ended);
        scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("too late"));
        ended.Dispose();
        AdvanceTo(20);
        Assert.Throws<ObjectDisposedException>(() => scheduler.Schedule(() => Note("too late")));
        Assert.Throws<ObjectDisposedException>(() => scheduler.Schedule(TimeSpan.FromSeconds(1), () => Note("too late")));
        Assert.Equal(5, _came.Count);
    }

    [Fact]
    public void A_cancelled_wait_leaves_no_timer()
    {
        var counted = new LateTimers(TimeSpan.Zero);
        var scheduler = counted.ToScheduler(new HistoricalScheduler());
        for (var number = 0; number < 100; number++)
        {
            scheduler.Schedule(TimeSpan.FromHours(24), () => Note("never")).Dispose();
        }

        Assert.Equal((100, 0), (counted.Created, counted.Waiting));
    }

    [Fact]
    public async Task What_is_due_at_once_runs_after_the_call_that_schedules_it()
    {
        var (caller, isInside) = (Environment.CurrentManagedThreadId, true);
        var ranInside = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler.Schedule(() => ranInside.SetResult(isInside && Environment.CurrentManagedThreadId == caller));
        isInside = false;

        Assert.False(await ranInside.Task);
    }

    [Fact]
    public async Task Threads_that_schedule_and_a_clock_that_is_moved_meanwhile_never_run_two_things_at_once()
    {
        const int threads = 4;
        const int each = 2_000;
        var (inside, overlaps, ran) = (0, 0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var schedule = Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var number = 0; number < each; number++)
            {
                _scheduler.Schedule(TimeSpan.FromMilliseconds((thread + number) % 3), Work);
            }
        })).ToArray();
        while (!schedule.All(task => task.IsCompleted) || _scheduler.Now < VirtualTime.Start.AddSeconds(1))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        _time.Advance(TimeSpan.FromMilliseconds(100));
        await all.Task;
        Assert.Equal((0, threads * each), (overlaps, ran));

        void Work()
        {
            overlaps += Interlocked.Increment(ref inside) - 1;
            Thread.SpinWait(20);
            Interlocked.Decrement(ref inside);
            if (++ran == threads * each)
            {
                all.SetResult();
            }
        }
    }

    [Fact]
    public async Task What_is_thrown_reaches_whoever_moves_the_clock_and_the_rest_goes_on()
    {
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler.Schedule(TimeSpan.FromSeconds(1), () => throw new InvalidTimeZoneException("its own"));
        _scheduler.Schedule(TimeSpan.FromSeconds(1), rest.SetResult);

        Assert.Throws<InvalidTimeZoneException>(() => _time.Advance(TimeSpan.FromSeconds(1)));
        await rest.Task;
    }

    [Fact]
    public async Task A_slot_is_acquired_hosted_and_paid_at_the_same_times_as_on_a_test_scheduler()
    {
        var steps = new List<string>();
        using var chain = new SimulatedChain(_scheduler, new SimulatedChainOptions { BlockSeconds = 10 });
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), new SimulatedStorage(_scheduler), new SimulatedProver(_scheduler), new SalesPipelineOptions(), _scheduler);
        using var noted = pipeline.Steps.Subscribe(step => steps.Add($"{(long)Elapsed.TotalSeconds} {step.State}"));
        _scheduler.Schedule(TimeSpan.FromSeconds(100), () => chain.RequestStorage(
            SalesFixture.Ask(price: 2, durationSeconds: 1_000), expirySeconds: 300));
        await pipeline.StartAsync();
        await pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        await SettleAsync();
        for (var tenth = 1; tenth <= 12_000; tenth++)
        {
            AdvanceTo(tenth / 10.0); // What is due is done, and what it schedules counts from here.
        }

        Assert.Equal(
            "110 SalePreparing; 110 SaleSlotReserving; 120 SaleDownloading; 141 SaleInitialProving; 240 SaleFilling; 250 SaleFilled; "
                + "250 SaleProving; 1120 SalePayout; 1130 SaleFinished",
            string.Join("; ", steps));
    }

    private void Note(string what) => _came.Add(string.Create(CultureInfo.InvariantCulture, $"{what} {Elapsed.TotalSeconds}"));

    private void AdvanceTo(params double[] seconds)
    {
        foreach (var second in seconds)
        {
            _time.SetUtcNow(VirtualTime.Start.AddTicks((long)Math.Round(second * TimeSpan.TicksPerSecond)));
        }
    }

    // Until what was due at once is done, and what that has made due at once.
    private async Task SettleAsync()
    {
        for (var round = 0; round < 20; round++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _scheduler.Schedule(done.SetResult);
            await done.Task;
        }
    }

    /// <summary>Timers as those of machines are, whose ticks are coarse.</summary>
    private sealed class EarlyTimers(TimeSpan by) : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new EarlyTimer(base.CreateTimer(callback, state, dueTime, period), by);
    }

    /// <summary>Timers that come after their time, as those of a busy machine do.</summary>
    private sealed class LateTimers(TimeSpan by) : FakeTimeProvider
    {
        /// <summary>Whoever schedules leaves nothing of its context in a timer, which runs the work of others, too.</summary>
        public bool HasNoContext { get; private set; } = true;

        public int Created { get; private set; }

        public int Waiting { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            HasNoContext &= ExecutionContext.IsFlowSuppressed();
            (Created, Waiting) = (Created + 1, Waiting + 1);
            return new EarlyTimer(base.CreateTimer(callback, state, dueTime, period), -by, () => Waiting--);
        }
    }

    private sealed class EarlyTimer(ITimer timer, TimeSpan by, Action? disposed = null) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime > by ? dueTime - by : dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            disposed?.Invoke();
        }

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
