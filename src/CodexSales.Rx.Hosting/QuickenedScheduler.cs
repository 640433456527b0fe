namespace CodexSales.Rx.Hosting;

/// <summary>Another scheduler, on which time passes several times as fast: for a market that is simulated. The factor can be
/// changed.</summary>
/// <remarks>Threading: any thread.</remarks>
internal sealed class QuickenedScheduler(IScheduler inner, int factor) : IScheduler
{
    private readonly Lock _gate = new();
    private readonly HashSet<Timer> _timers = [];
    private DateTimeOffset _since = inner.Now;
    private DateTimeOffset _then = inner.Now;
    private int _factor = factor;

    /// <summary>How many seconds pass in one second of the other scheduler.</summary>
    public int Factor => Volatile.Read(ref _factor);

    /// <inheritdoc/>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                return _then + ((inner.Now - _since) * _factor);
            }
        }
    }

    /// <summary>Lets time pass so fast from now on.</summary>
    public void SetFactor(int factor)
    {
        Timer[] timers;
        lock (_gate)
        {
            (_then, _since) = (Now, inner.Now);
            _factor = factor;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.Wait();
        }
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, passed) => action(this, passed));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, Now + dueTime, action);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        var timer = new Timer(this, dueTime, () => action(this, state));
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Wait();
        return timer;
    }

    /// <summary>What is due at a time of this scheduler.</summary>
    private sealed class Timer(QuickenedScheduler scheduler, DateTimeOffset due, Func<IDisposable> action) : IDisposable
    {
        private readonly SerialDisposable _wait = new();
        private readonly SingleAssignmentDisposable _done = new();

        // As long as it is waited for; whoever changes the speed begins the wait anew.
        public void Wait() => _wait.Disposable = scheduler.WaitUntil(due, Run);

        public void Dispose()
        {
            scheduler.TryForget(this);
            _wait.Dispose();
            _done.Dispose();
        }

        private void Run()
        {
            if (scheduler.TryForget(this))
            {
                _done.Disposable = action();
            }
        }
    }

    private IDisposable WaitUntil(DateTimeOffset due, Action run)
    {
        var left = (due - Now) / Factor;
        return inner.Schedule(left > TimeSpan.Zero ? left : TimeSpan.Zero, run);
    }

    private bool TryForget(Timer timer)
    {
        lock (_gate)
        {
            return _timers.Remove(timer);
        }
    }
}
