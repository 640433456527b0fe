using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace CodexSales.Rx.Threading;

/// <summary>The host's scheduler, as the one place where everything is decided, one thing after another. All that is
/// scheduled here passes through it, and what other threads want has one way in: commands, <see cref="Enter"/> and
/// <see cref="Follow"/>.</summary>
/// <remarks>It belongs to one thread at a time, and nobody waits for it: what comes meanwhile is left for its owner. So
/// no lock is held while anybody else's code runs, and no two threads can wait for each other.</remarks>
internal sealed class Core : IScheduler, IServiceProvider, IDisposable
{
    private const int Nobody = 0;

    // A longer wait is made of parts: a timer of .NET takes 49 days at most, and no sum overflows.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly IScheduler _scheduler;

    // Orders of other threads. The owner of the core does them, so that they are done also where the scheduler has ended.
    private readonly ConcurrentQueue<Action> _orders = new();

    // Scheduled work that came while another thread had the core. The scheduler's thread does it, in its order.
    private readonly ConcurrentQueue<Action> _postponed = new();

    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationToken _closing;
    private int _isClosed;
    private Func<Exception, bool>? _tellFailure;
    private Action? _schedulerEnded;

    // Whose it is, by the number of the thread, and whether by the scheduler's choice.
    private int _owner;
    private volatile bool _isScheduled;

    private Core(IScheduler scheduler) => (_scheduler, _closing) = (scheduler, _closed.Token);

    /// <summary>Whether nothing is scheduled here any more.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) == 1;

    public DateTimeOffset Now => _scheduler.Now;

    /// <summary>The core on a scheduler.</summary>
    /// <exception cref="ArgumentException">The scheduler runs an action inside of the call that schedules it, or two
    /// actions at once.</exception>
    public static Core On(IScheduler scheduler) =>
        scheduler is Core core ? core
        : scheduler.AsLongRunning() is not null ? throw new ArgumentException(
            $"{scheduler.GetType().Name} runs two actions at once. The core needs a scheduler that runs one after the other, "
                + "such as an EventLoopScheduler; one that does so all the same says it by DisableOptimizations().",
            nameof(scheduler))
        : RunsInsideOfTheCall(scheduler) ? throw new ArgumentException(
            $"{scheduler.GetType().Name} runs an action inside of the call that schedules it. The core needs a scheduler that "
                + "runs it afterwards, such as an EventLoopScheduler.",
            nameof(scheduler))
        : new Core(scheduler);

    /// <summary>Has what is thrown on the core told; what can't be told reaches the host's scheduler.</summary>
    public void TellFailures(Func<Exception, bool> tell) => _tellFailure = tell;

    /// <summary>Has it told when the host's scheduler turns out to be disposed of: nothing is decided any more then.</summary>
    public void WhenSchedulerEnds(Action end) => _schedulerEnded = end;

    /// <summary>Does something while nothing else is decided: at once, unless another thread has the core.</summary>
    public void Enter(Action order)
    {
        if (_owner == Environment.CurrentManagedThreadId)
        {
            order();
        }
        else
        {
            Follow(order);
        }
    }

    /// <summary>Does something after what is being decided now: at once if that is nothing. Never inside of a
    /// notification.</summary>
    public void Follow(Action order)
    {
        _orders.Enqueue(order);
        DoWhatIsLeft(isScheduled: false);
    }

    /// <summary>Does what a caller on any thread wants, in its turn.</summary>
    /// <exception cref="ObjectDisposedException">The core is closed.</exception>
    public void Command(Action command)
    {
        if (IsClosed)
        {
            throw Closed();
        }

        this.Schedule(command);
    }

    /// <summary>The same for what has an answer. Code that awaits it goes on elsewhere: on the core it would hold up every
    /// sale, and wait for ever for the next one.</summary>
    /// <param name="command">The command, which answers when it is done.</param>
    /// <param name="cancellationToken">Ends the wait for the answer, not the command.</param>
    /// <returns>The answer; an <see cref="ObjectDisposedException"/> if the core is closed first.</returns>
    public Task<T> Command<T>(Action<TaskCompletionSource<T>> command, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenRegistration[] ends =
        [
            _closing.UnsafeRegister(static state => ((TaskCompletionSource<T>)state!).TrySetException(Closed()), answer),
            cancellationToken.UnsafeRegister(
                static (state, token) => ((TaskCompletionSource<T>)state!).TrySetCanceled(token), answer),
        ];
        answer.Task.ContinueWith(
            static (_, state) => Array.ForEach((CancellationTokenRegistration[])state!, end => end.Unregister()),
            ends,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        this.Schedule(() => command(answer));
        return answer.Task;
    }

    /// <summary>Does something once everything is released: at once when that is so already.</summary>
    public void WhenReleased(Action action) => _closing.UnsafeRegister(static state => ((Action)state!)(), action);

    /// <summary>Nothing is scheduled here any more from now on; false when that was so already.</summary>
    public bool TryClose() => Interlocked.Exchange(ref _isClosed, 1) == 0;

    /// <summary>Everything is released: commands that were not answered are refused.</summary>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        var work = new Work<TState>(this, state, action);
        try
        {
            return IsClosed ? Disposable.Empty : work.Begin(_scheduler.Schedule(work, Run));
        }
        catch (ObjectDisposedException)
        {
            return SchedulerEnded();
        }
    }

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        if (dueTime > LongestWait)
        {
            // Of a state that is made of TState, native code would need one more kind of this method for each wait, without end.
            return Schedule(dueTime - LongestWait, LongestWait, (core, left) => core.Schedule(state, left, action));
        }

        var work = new Work<TState>(this, state, action);
        try
        {
            return IsClosed ? Disposable.Empty : work.Begin(_scheduler.Schedule(work, dueTime, Run));
        }
        catch (ObjectDisposedException)
        {
            return SchedulerEnded();
        }
    }

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    // Any other service that Rx asks a scheduler for would let work past the core.
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider)
        ? (_scheduler as IServiceProvider)?.GetService(serviceType)
        : null;

    // A host that has ended its scheduler has ended all that waits there.
    private IDisposable SchedulerEnded()
    {
        _schedulerEnded?.Invoke();
        return Disposable.Empty;
    }

    private static bool RunsInsideOfTheCall(IScheduler scheduler)
    {
        var (caller, isInside, hasRun) = (Environment.CurrentManagedThreadId, true, false);
        using var probe = scheduler.Schedule(() => hasRun |= isInside && Environment.CurrentManagedThreadId == caller);
        isInside = false;
        return hasRun;
    }

    private static IDisposable Run<TState>(IScheduler scheduler, Work<TState> work) => work.Core.Run(work);

    private IDisposable Run<TState>(Work<TState> work)
    {
        if (_owner == Environment.CurrentManagedThreadId)
        {
            return work.Run();
        }

        if (!_postponed.IsEmpty || !TryOwn(isScheduled: true))
        {
            return Postpone(work);
        }

        try
        {
            return work.Run();
        }
        catch (Exception failure)
        {
            if (!IsTold(failure))
            {
                throw;
            }

            return Disposable.Empty;
        }
        finally
        {
            Leave();
            DoWhatIsLeft(isScheduled: true);
        }
    }

    private SingleAssignmentDisposable Postpone<TState>(Work<TState> work)
    {
        if (_isScheduled)
        {
            _orders.Enqueue(static () => throw new InvalidOperationException(
                "The core scheduler runs two actions at once; it must run one after the other."));
        }

        var running = new SingleAssignmentDisposable();
        _postponed.Enqueue(() => running.Disposable = work.Run());
        DoWhatIsLeft(isScheduled: true);
        return running;
    }

    // A thread that leaves work behind comes here, and so does the owner of the core before it goes: one of them finds it.
    private void DoWhatIsLeft(bool isScheduled)
    {
        while ((!_orders.IsEmpty || (isScheduled && !_postponed.IsEmpty)) && TryOwn(isScheduled))
        {
            while (_orders.TryDequeue(out var work) || (isScheduled && _postponed.TryDequeue(out work)))
            {
                Do(work);
            }

            Leave();
        }

        if (!isScheduled && !_postponed.IsEmpty)
        {
            this.Schedule(() => { });
        }
    }

    private bool TryOwn(bool isScheduled)
    {
        if (Interlocked.CompareExchange(ref _owner, Environment.CurrentManagedThreadId, Nobody) != Nobody)
        {
            return false;
        }

        _isScheduled = isScheduled;
        return true;
    }

    private void Leave()
    {
        _isScheduled = false;
        Interlocked.Exchange(ref _owner, Nobody);
    }

    private void Do(Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure)
        {
            if (!IsTold(failure))
            {
                // Loud on the host's scheduler, as what scheduled work throws is.
                _scheduler.Schedule(ExceptionDispatchInfo.Capture(failure).Throw);
            }
        }
    }

    private bool IsTold(Exception failure) => _tellFailure?.Invoke(failure) is true;

    // The scheduler may have begun with it when another thread, which had the core, cancelled it, or closed the core.
    private sealed class Work<TState>(Core core, TState state, Func<IScheduler, TState, IDisposable> action) : IDisposable
    {
        private SingleAssignmentDisposableValue _scheduled;

        public Core Core => core;

        public Work<TState> Begin(IDisposable scheduled)
        {
            _scheduled.Disposable = scheduled;
            return this;
        }

        public IDisposable Run()
        {
            var (work, given) = (action, state);
            Volatile.ReadBarrier(); // Read before the question: a cancellation in between takes both away.
            return _scheduled.IsDisposed || core.IsClosed ? Disposable.Empty : work(core, given);
        }

        // A scheduler keeps what is cancelled until it would have been due, such as the deadline of each call that was answered.
        public void Dispose()
        {
            _scheduled.Dispose();
            (action, state) = (null!, default!); // Whoever reads them now finds out that it is cancelled.
        }
    }

    // A caller who comes too late knows the pipeline, and nothing of its core.
    private static ObjectDisposedException Closed() => new("CodexSales.Rx.SalesPipeline");
}
