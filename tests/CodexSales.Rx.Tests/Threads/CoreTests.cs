using System.Runtime.CompilerServices;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>What may be a core, and how it belongs to one thread at a time.</summary>
public sealed class CoreTests
{
    public static TheoryData<string> Unfit => ["Immediate", "CurrentThread", "ThreadPool", "TaskPool", "NewThread", "Default"];

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_scheduler_that_runs_inside_of_the_call_or_two_at_once_is_refused_when_the_pipeline_is_made(string name)
    {
#pragma warning disable RS0030 // Those that nobody may use.
        IScheduler scheduler = name switch
        {
            "Immediate" => ImmediateScheduler.Instance,
            "CurrentThread" => CurrentThreadScheduler.Instance,
            "ThreadPool" => ThreadPoolScheduler.Instance,
            "TaskPool" => TaskPoolScheduler.Default,
            "NewThread" => NewThreadScheduler.Default,
            _ => Scheduler.Default,
        };
#pragma warning restore RS0030
        using var chain = new SimulatedChain(new VirtualTime());

        var refused = Assert.Throws<ArgumentException>(() => new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), new ScriptedStorage(), new ScriptedProver(), new SalesPipelineOptions(), scheduler));

        Assert.Contains(scheduler.GetType().Name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("EventLoopScheduler", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_cancelled_keeps_nothing_alive_that_it_would_have_used()
    {
        var scheduler = new ByHand(); // It keeps all that it was given, as an EventLoopScheduler does until it is due.
        var core = Core.On(scheduler);
        var (cancelled, used) = Cancelled(core);
        GC.Collect();
        Assert.False(used.IsAlive);
        GC.KeepAlive((scheduler, cancelled));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (IDisposable Cancelled, WeakReference Used) Cancelled(Core core)
    {
        var used = new object();
        var scheduled = core.Schedule(TimeSpan.FromHours(1), () => GC.KeepAlive(used));
        scheduled.Dispose();
        return (scheduled, new WeakReference(used));
    }

    [Fact]
    public void A_scheduler_that_turns_out_to_run_two_at_once_is_told_and_they_run_one_after_the_other_all_the_same()
    {
        var scheduler = new ByHand();
        var core = Core.On(scheduler);
        var told = new List<Exception>();
        core.TellFailures(failure =>
        {
            told.Add(failure);
            return true;
        });
        var order = new List<string>();
        using var second = new Barrier(2);
        core.Schedule(() =>
        {
            second.SignalAndWait();
            second.SignalAndWait();
            order.Add("first");
        });
        core.Schedule(() => order.Add("second"));

        var other = new Thread(scheduler.RunNext);
        other.Start();
        second.SignalAndWait();
        scheduler.RunNext();
        second.SignalAndWait();
        other.Join();

        Assert.Equal(["first", "second"], order);
        Assert.StartsWith("The core scheduler runs two actions at once", Assert.Single(told).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_thread_has_what_it_wants_done_by_whoever_has_the_core_and_waits_for_nobody()
    {
        var scheduler = new ByHand();
        var core = Core.On(scheduler);
        var done = new List<int>();
        using var turn = new Barrier(2);
        core.Schedule(() =>
        {
            turn.SignalAndWait();
            turn.SignalAndWait();
        });
        var other = new Thread(scheduler.RunNext);
        other.Start();
        turn.SignalAndWait();

        core.Follow(() => done.Add(Environment.CurrentManagedThreadId));

        Assert.Empty(done);
        turn.SignalAndWait();
        other.Join();
        Assert.Equal([other.ManagedThreadId], done);
        core.Follow(() => done.Add(Environment.CurrentManagedThreadId));
        Assert.Equal([other.ManagedThreadId, Environment.CurrentManagedThreadId], done);
    }

    [Fact]
    public void Work_that_was_cancelled_while_another_thread_had_the_core_does_not_begin_any_more()
    {
        var scheduler = new ByHand();
        var core = Core.On(scheduler);
        var hasRun = false;
        var work = core.Schedule(() => hasRun = true);

        core.Follow(() =>
        {
            var loop = new Thread(scheduler.RunNext);
            loop.Start();
            loop.Join();
            work.Dispose();
        });
        scheduler.RunNext();

        Assert.False(hasRun);
    }

    [Fact]
    public void What_is_due_in_months_or_never_is_waited_for_in_parts_that_a_timer_takes()
    {
        var time = new VirtualTime();
        var scheduler = new ShortTimers(time);
        var core = Core.On(scheduler);
        var ranAfter = new List<TimeSpan>();
        using var months = core.Schedule(TimeSpan.FromDays(100), () => ranAfter.Add(time.Now - VirtualTime.Start));
        using var never = core.Schedule(TimeSpan.MaxValue, () => ranAfter.Add(TimeSpan.MaxValue));
        using var cancelled = core.Schedule(TimeSpan.FromDays(90), () => ranAfter.Add(TimeSpan.Zero));

        time.AdvanceBy(TimeSpan.FromDays(80));
        cancelled.Dispose();
        time.AdvanceBy(TimeSpan.FromDays(320));

        Assert.Equal([TimeSpan.FromDays(100)], ranAfter);
    }

    [Fact]
    public async Task A_pipeline_whose_scheduler_was_disposed_of_refuses_commands_and_stops_without_a_wait()
    {
        using var scheduler = new EventLoopScheduler();
        using var chain = new SimulatedChain(new VirtualTime());
        var store = new SlowStore();
        await using var pipeline = new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), new ScriptedStorage(), new ScriptedProver(), new SalesPipelineOptions(), scheduler, store);
        var answered = new TaskCompletionSource();
        using var looks = scheduler.SchedulePeriodic(TimeSpan.FromMilliseconds(1), () =>
        {
            if (store.UnderWay > 0)
            {
                answered.TrySetResult();
            }
        });
        var saving = pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        await answered.Task;

        scheduler.Dispose();
        var isAtRest = await pipeline.StopAsync(TimeSpan.FromDays(1));

        Assert.False(isAtRest);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => saving);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.Availabilities.SaveAsync(SalesFixture.Offer()));
    }

    [Fact]
    public async Task A_command_after_the_scheduler_was_disposed_of_is_refused_and_ends_the_pipeline()
    {
        var scheduler = new EventLoopScheduler();
        using var chain = new SimulatedChain(new VirtualTime());
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(SalesFixture.Us), new ScriptedStorage(), new ScriptedProver(), new SalesPipelineOptions(), scheduler);
        var isComplete = false;
        using var steps = pipeline.Steps.Subscribe(_ => { }, () => isComplete = true);
        _ = pipeline.StartAsync();

        scheduler.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.Availabilities.SaveAsync(SalesFixture.Offer()));
        Assert.True(isComplete);
    }

    // Takes no longer waits than the timers of .NET do, as an EventLoopScheduler.
    private sealed class ShortTimers(VirtualTime time) : IScheduler
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

        public DateTimeOffset Now => time.Now;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => time.Schedule(state, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime, Longest);
            return time.Schedule(state, dueTime, action);
        }

        public IDisposable Schedule<TState>(
            TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Schedule(state, dueTime - Now, action);
    }

    // Runs its work when a test says so, on whatever thread.
    private sealed class ByHand : IScheduler
    {
        private readonly Queue<(SingleAssignmentDisposable Running, Action Run)> _works = new();

        public DateTimeOffset Now => VirtualTime.Start;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
        {
            var running = new SingleAssignmentDisposable();
            lock (_works)
            {
                _works.Enqueue((running, () => running.Disposable = action(this, state)));
            }

            return running;
        }

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, action);

        public IDisposable Schedule<TState>(
            TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Schedule(state, action);

        public void RunNext()
        {
            (SingleAssignmentDisposable Running, Action Run) next;
            lock (_works)
            {
                while (_works.TryDequeue(out next) && next.Running.IsDisposed)
                {
                }
            }

            next.Run?.Invoke();
        }
    }
}
