using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace CodexSales.Rx.Local.Tests;

/// <summary>
/// Virtual time that the threads of real processes and files may use too: what they schedule or cancel is done on the
/// thread of the test, when the test waits for it.
/// </summary>
internal sealed class SharedVirtualTime : IScheduler
{
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(30);

    private readonly Testing.Time.VirtualTime _time = new();
    private readonly BlockingCollection<Action> _inbox = [];

    // A test that awaits something may go on on another thread, while its first one does other work.
    private volatile int _thread = Environment.CurrentManagedThreadId;
    private int _busy;

    public DateTimeOffset Now => _time.Now;

    /// <summary>Counts real work: as long as there is some, <see cref="RunUntil"/> does not let time go on.</summary>
    public IDisposable Work()
    {
        Post(() => _busy++);
        return Disposable.Create(() => Post(() => _busy--));
    }

    /// <summary>Waits for real work, while time stands still.</summary>
    public void WaitUntil(Func<bool> condition)
    {
        Settle();
        while (!condition())
        {
            TakeOne();
        }
    }

    /// <summary>Waits for real work, and lets time go on while there is none.</summary>
    public void RunUntil(Func<bool> condition)
    {
        Settle();
        while (!condition())
        {
            if (_busy > 0)
            {
                TakeOne();
            }
            else
            {
                _time.AdvanceTo(_time.NextDue ?? throw new InvalidOperationException("Nothing is left to be done."));
                Settle();
            }
        }
    }

    public void Advance(TimeSpan span)
    {
        Settle();
        _time.AdvanceBy(span);
    }

    /// <summary>Waits for a task that real work completes, while time stands still.</summary>
    public T WaitFor<T>(Task<T> task)
    {
        _ = TellOfEndAsync(task);
        WaitUntil(() => task.IsCompleted);
        return task.GetAwaiter().GetResult();
    }

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(() => _time.Schedule(state, (_, given) => action(this, given)));

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(() => _time.Schedule(state, dueTime, (_, given) => action(this, given)));

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(() => _time.Schedule(state, dueTime, (_, given) => action(this, given)));

    private async Task TellOfEndAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        _inbox.Add(() => { });
    }

    private SingleThreadDisposable Schedule(Func<IDisposable> schedule)
    {
        var scheduled = new SingleThreadDisposable(this);
        Post(() => scheduled.Inner.Disposable = schedule());
        return scheduled;
    }

    private void Post(Action action)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            action();
        }
        else
        {
            _inbox.Add(action);
        }
    }

    private void TakeOne()
    {
        if (!_inbox.TryTake(out var action, TooLong))
        {
            throw new TimeoutException("Nothing was heard of real work.");
        }

        action();
        Settle();
    }

    private void Settle()
    {
        _thread = Environment.CurrentManagedThreadId;
        while (_inbox.TryTake(out var action))
        {
            action();
        }

        _time.RunDue();
    }

    private sealed class SingleThreadDisposable(SharedVirtualTime time) : IDisposable
    {
        public SingleAssignmentDisposable Inner { get; } = new();

        public void Dispose() => time.Post(Inner.Dispose);
    }
}
