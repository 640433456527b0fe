using System.Collections.Concurrent;

namespace CodexSales.Rx.Tests.Threads;

/// <summary>
/// An <see cref="EventLoopScheduler"/> with a thread of its own whose clock leaps to what is due next, so that days pass in
/// moments. What its thread throws is caught and kept.
/// </summary>
internal sealed class HastyLoop : IDisposable
{
    private readonly Lock _gate = new();
    private readonly EventLoopScheduler _loop;
    private readonly PriorityQueue<Work, (DateTimeOffset Due, long Number)> _works = new();
    private Thread? _thread;
    private long _scheduled;

    public HastyLoop() => _loop = new EventLoopScheduler(start => _thread = new Thread(() =>
    {
        try
        {
            start();
        }
        catch (Exception failure)
        {
            Failures.Enqueue(failure);
        }
    })
    { IsBackground = true });

    /// <summary>What reached the thread's end: each would have ended a process.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <summary>How many pieces of work were done.</summary>
    public int Steps { get; private set; }

    /// <summary>Told on the loop before each piece of work.</summary>
    public Action<int> Stepped { get; set; } = _ => { };

    private DateTimeOffset Now { get; set; } = VirtualTime.Start;

    /// <summary>The loop as a scheduler that counts what was scheduled by it; after its end it throws, as the loop does.</summary>
    public View MakeView() => new(this, _loop.Schedule);

    /// <summary>The same, but after its end it does nothing.</summary>
    public View MakeQuietView() => new(this, step =>
    {
        Post(step);
        return System.Reactive.Disposables.Disposable.Empty;
    });

    /// <summary>Does something on the loop; false when it does not run any more.</summary>
    public bool Post(Action action)
    {
        try
        {
            _loop.Schedule(action);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Waits until what the loop does now is done.</summary>
    public void AwaitTurn()
    {
        using var turn = new ManualResetEventSlim();
        Assert.True(
            !Post(turn.Set) || turn.Wait(TimeSpan.FromSeconds(20)) || !Failures.IsEmpty, "The loop does nothing any more.");
    }

    /// <summary>Whether the thread has ended.</summary>
    public bool HasEnded() => _thread is null || _thread.Join(TimeSpan.FromSeconds(20));

    public void Dispose() => _loop.Dispose();

    private Work Add(Work work, Func<Action, IDisposable> schedule)
    {
        lock (_gate)
        {
            _works.Enqueue(work, (work.Due, _scheduled++));
        }

        try
        {
            schedule(Step);
        }
        catch (ObjectDisposedException)
        {
            work.Dispose();
            throw;
        }

        return work;
    }

    private void Step()
    {
        Work? next;
        lock (_gate)
        {
            while (_works.TryDequeue(out next, out _) && !next.TryBegin())
            {
            }

            if (next is null || next.IsCancelled)
            {
                return;
            }

            Now = next.Due > Now ? next.Due : Now;
        }

        Stepped(++Steps);
        next.Run();
    }

    internal sealed class View(HastyLoop loop, Func<Action, IDisposable> schedule) : IScheduler
    {
        private int _pending;

        public DateTimeOffset Now => loop.Now;

        /// <summary>How many pieces of work wait.</summary>
        public int PendingCount => _pending;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, TimeSpan.Zero, action);

        public IDisposable Schedule<TState>(
            TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, dueTime - Now, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
        {
            Interlocked.Increment(ref _pending);
            return loop.Add(
                new Work(
                    loop.Now + (dueTime > TimeSpan.Zero ? dueTime : TimeSpan.Zero),
                    () => action(this, state),
                    () => Interlocked.Decrement(ref _pending)),
                schedule);
        }
    }

    private sealed class Work(DateTimeOffset due, Func<IDisposable> run, Action begun) : IDisposable
    {
        private readonly System.Reactive.Disposables.SingleAssignmentDisposable _running = new();
        private int _hasBegun;

        public DateTimeOffset Due => due;

        public bool IsCancelled => _running.IsDisposed;

        public bool TryBegin()
        {
            if (Interlocked.Exchange(ref _hasBegun, 1) == 1)
            {
                return false;
            }

            begun();
            return true;
        }

        public void Run() => _running.Disposable = run();

        public void Dispose()
        {
            TryBegin();
            _running.Dispose();
        }
    }
}
