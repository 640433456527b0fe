using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Time;

/// <summary>Runs one thing after another when the time of a provider has come.</summary>
/// <remarks>Each wait has a timer of its own, but who is woken runs all that is due, in its order: timers of a pool come
/// as they like. No lock is held while a provider or anybody's work is called.</remarks>
/// <param name="time">Whose time it is.</param>
/// <param name="runOn">Where all work runs; null for the pool, and for the threads of timers.</param>
internal sealed class TimeProviderScheduler(TimeProvider time, IScheduler? runOn) : IScheduler, IStopwatchProvider, IServiceProvider
{
    // A timer of .NET takes 49 days at most, and comes some milliseconds early.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly SortedSet<Work> _waiting = new(Work.Order);
    private readonly Queue<Work> _ready = new();
    private long _scheduled;
    private bool _isRunning;

    // What work was to run on is disposed of.
    private volatile bool _hasEnded;

    public DateTimeOffset Now => time.GetUtcNow();

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        var work = new Work(this, () => action(this, state), TimeSpan.Zero, 0);
        var now = Elapsed;
        bool isFirst;
        int ready;
        lock (_gate)
        {
            ready = TakeDue(now) + 1; // What is due already comes first, also where its timer is late.
            _ready.Enqueue(work);
            isFirst = runOn is null && TryBegin();
        }

        if (runOn is not null)
        {
            RunThere(runOn, ready);
        }
        else if (isFirst)
        {
            RunOnPool();
        }

        return work;
    }

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        if (dueTime <= TimeSpan.Zero)
        {
            return Schedule(state, action);
        }

        ObjectDisposedException.ThrowIf(_hasEnded, this);
        var now = Elapsed;
        var due = dueTime < TimeSpan.MaxValue - now ? now + dueTime : TimeSpan.MaxValue;
        var work = new Work(this, () => action(this, state), due, Interlocked.Increment(ref _scheduled));
        lock (_gate)
        {
            _waiting.Add(work);
        }

        try
        {
            work.Wait(due - now);
        }
        catch
        {
            Forget(work);
            throw;
        }

        // The clock may have been moved on before there was a timer to hear of it.
        if (Elapsed >= due)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static late => late.Wake(), work, preferLocal: false);
        }

        return work;
    }

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    public IStopwatch StartStopwatch() => new Stopwatch(time);

    // Rx asks for the stop watch before it schedules something periodic: with one, that does not drift.
    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? this : null;

    private void Wake(Work woken)
    {
        var now = Elapsed;
        bool isEarly, isFirst;
        int ready;
        lock (_gate)
        {
            ready = TakeDue(now);
            isEarly = _waiting.Contains(woken) && !_hasEnded;
            isFirst = runOn is null && TryBegin();
        }

        try
        {
            if (isEarly)
            {
                woken.Wait(woken.Due - now > ShortestWait ? woken.Due - now : ShortestWait);
            }
        }
        finally
        {
            if (isFirst)
            {
                Run();
            }
            else if (runOn is not null && !_hasEnded)
            {
                RunWoken(runOn, ready);
            }
        }
    }

    private void RunWoken(IScheduler there, int ready)
    {
        try
        {
            RunThere(there, ready);
        }
        catch (ObjectDisposedException)
        {
            // Nobody is there who could be told: whoever schedules next is.
        }
    }

    // A turn for each that is ready, and not one for all: what else waits for a turn there gets it in between.
    private void RunThere(IScheduler there, int turns)
    {
        try
        {
            for (; turns > 0; turns--)
            {
                there.Schedule(this, static (_, scheduler) => scheduler.RunNext());
            }
        }
        catch (ObjectDisposedException)
        {
            _hasEnded = true;
            throw;
        }
    }

    private IDisposable RunNext()
    {
        Work? work;
        lock (_gate)
        {
            _ready.TryDequeue(out work);
        }

        work?.Invoke();
        return Disposable.Empty;
    }

    private int TakeDue(TimeSpan now)
    {
        var count = 0;
        for (; _waiting.Min is { } next && next.Due <= now; count++)
        {
            _waiting.Remove(next);
            _ready.Enqueue(next);
        }

        return count;
    }

    private void Forget(Work cancelled)
    {
        lock (_gate)
        {
            _waiting.Remove(cancelled);
        }
    }

    private bool TryBegin()
    {
        var isFirst = !_isRunning && _ready.Count > 0;
        _isRunning |= isFirst;
        return isFirst;
    }

    private bool TryTake([NotNullWhen(true)] out Work? work)
    {
        lock (_gate)
        {
            return _isRunning = _ready.TryDequeue(out work);
        }
    }

    private void Run()
    {
        var hasThrown = true;
        try
        {
            while (TryTake(out var work))
            {
                work.Invoke();
            }

            hasThrown = false;
        }
        finally
        {
            if (hasThrown)
            {
                RunOnPool();
            }
        }
    }

    private void RunOnPool() =>
        ThreadPool.UnsafeQueueUserWorkItem(static scheduler => scheduler.Run(), this, preferLocal: false);

    // Without the context of the one who schedules: whoever is woken runs the work of all.
    private ITimer TimerOf(Work work)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Create();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Create();
        }

        ITimer Create() => time.CreateTimer(
            static work => ((Work)work!).Wake(), work, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed class Work(TimeProviderScheduler scheduler, Func<IDisposable> action, TimeSpan due, long number) : IDisposable
    {
        public static readonly IComparer<Work> Order =
            Comparer<Work>.Create((one, other) => (one.Due, one.Number).CompareTo((other.Due, other.Number)));

        private SingleAssignmentDisposableValue _running;
        private ITimer? _timer;

        public TimeSpan Due => due;

        private long Number => number;

        // Of a long wait the first part: then it is early, and waits on.
        public void Wait(TimeSpan span)
        {
            _timer ??= scheduler.TimerOf(this);
            _timer.Change(span < LongestWait ? span : LongestWait, Timeout.InfiniteTimeSpan);
        }

        public void Wake() => scheduler.Wake(this);

        public void Invoke()
        {
            _timer?.Dispose();
            if (!_running.IsDisposed)
            {
                _running.Disposable = action();
            }
        }

        public void Dispose()
        {
            scheduler.Forget(this);
            _timer?.Dispose();
            _running.Dispose();
        }
    }

    private sealed class Stopwatch(TimeProvider time) : IStopwatch
    {
        private readonly long _start = time.GetTimestamp();

        public TimeSpan Elapsed => time.GetElapsedTime(_start);
    }
}
