namespace CodexSales.Rx.Testing.Time;

/// <summary>A scheduler whose clock stands still until a test moves it: a year takes a moment.</summary>
/// <remarks>
/// Work of one moment runs in the order in which it was scheduled, work of the past as if it were due now: runs are
/// repeatable to the last step. While work runs, <see cref="SynchronizationContext.Current"/> is null, so that an
/// <c>await</c> in it continues inline, on this clock. Threading: for one thread only, also to complete tasks.
/// </remarks>
public sealed class VirtualTime : IScheduler, IServiceProvider
{
    /// <summary>The default start: 2026-01-01 00:00 UTC, 1767225600 in chain time, a multiple of 120 s.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const long DefaultStepLimit = 10_000_000;

    private readonly VirtualClock _clock;
    private readonly DateTimeOffset _start;

    /// <summary>A clock that stands still, with nothing scheduled.</summary>
    /// <param name="start">Where it stands at first; <see cref="Start"/> when null.</param>
    /// <param name="stepsPerMoment">How much work may run at one moment; more of it is an endless loop.</param>
    public VirtualTime(DateTimeOffset? start = null, long stepsPerMoment = DefaultStepLimit)
    {
        _start = start ?? Start;
        _clock = new VirtualClock(_start, stepsPerMoment);
    }

    /// <summary>The moment at which the clock stands.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>The time since it was made.</summary>
    public TimeSpan Elapsed => Now - _start;

    /// <summary>The moment at which the clock stands, in chain time: rounded down to the second.</summary>
    public UnixSeconds ChainTime => UnixSeconds.From(Now);

    /// <summary>The number of pieces of work that wait for their time; cancelled ones don't count.</summary>
    public int PendingCount => _clock.PendingCount;

    /// <summary>When the next piece of work is due; null when nothing is pending.</summary>
    public DateTimeOffset? NextDue => _clock.NextDue;

    /// <summary>Moves the clock on by a span, and runs what is due until then, its end included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative.</exception>
    /// <exception cref="InvalidOperationException">Work at one moment never ends.</exception>
    public void AdvanceBy(TimeSpan span) => AdvanceTo(Now + span);

    /// <summary>Moves the clock on to a moment, and runs what is due until then, that moment included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The moment has passed.</exception>
    /// <exception cref="InvalidOperationException">Work at one moment never ends.</exception>
    public void AdvanceTo(DateTimeOffset moment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(moment, Now);
        WithoutContext(() =>
        {
            while (_clock.NextDue <= moment)
            {
                _clock.Step();
            }

            _clock.MoveTo(moment);
        });
    }

    /// <summary>Runs what is due now, and what that schedules for now, without moving the clock.</summary>
    /// <exception cref="InvalidOperationException">Work at this moment never ends.</exception>
    public void RunDue() => AdvanceTo(Now);

    /// <summary>Moves the clock on until nothing is pending any more.</summary>
    /// <param name="stepLimit">How many pieces of work may run; more of them count as a timer that never stops.</param>
    /// <exception cref="InvalidOperationException">Something is still pending after so many steps.</exception>
    public void RunUntilIdle(long stepLimit = DefaultStepLimit) => RunUntil(() => false, stepLimit);

    /// <summary>Moves the clock on until something holds, or nothing is pending any more.</summary>
    /// <param name="isReached">Asked before each piece of work.</param>
    /// <param name="stepLimit">How many pieces of work may run; more of them count as a timer that never stops.</param>
    /// <exception cref="InvalidOperationException">Something is still pending after so many steps.</exception>
    public void RunUntil(Func<bool> isReached, long stepLimit = DefaultStepLimit) => WithoutContext(() =>
    {
        ArgumentNullException.ThrowIfNull(isReached);
        for (long steps = 0; !isReached() && _clock.Step(); steps++)
        {
            if (steps == stepLimit)
            {
                throw new InvalidOperationException(
                    $"Still busy after {stepLimit} steps, {Elapsed} after the start: {PendingCount} are pending.");
            }
        }
    });

    /// <summary>Calls, moves the clock on until the task has completed, and returns its result.</summary>
    /// <exception cref="InvalidOperationException">Nothing is pending, and the task has not completed.</exception>
    /// <remarks>An exception of the task comes out as it is.</remarks>
    public T Run<T>(Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Task<T>? task = null;
        Run(Task () => task = call());
        return task!.GetAwaiter().GetResult();
    }

    /// <summary>Calls, and moves the clock on until the task has completed.</summary>
    /// <exception cref="InvalidOperationException">Nothing is pending, and the task has not completed.</exception>
    /// <remarks>An exception of the task comes out as it is.</remarks>
    public void Run(Func<Task> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Task? task = null;
        WithoutContext(() =>
        {
            // Asked itself, not awaited: what awaits it may go on elsewhere, and time would go on meanwhile.
            task = call();
            while (!task.IsCompleted && Proceed())
            {
            }
        });
        task!.GetAwaiter().GetResult();
    }

    /// <summary>Subscribes, and notes everything that the observable says, with the time.</summary>
    public RecordingObserver<T> Record<T>(IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return RecordingObserver<T>.Of(this, source);
    }

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        _clock.Schedule(state, action);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        _clock.Schedule(state, dueTime, action);

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        _clock.Schedule(state, dueTime, action);

    // Rx asks a scheduler for its stop watch before it schedules something periodic.
    object? IServiceProvider.GetService(Type serviceType) => ((IServiceProvider)_clock).GetService(serviceType);

    private bool Proceed() => _clock.Step()
        ? true
        : throw new InvalidOperationException(
            $"Nothing is pending {Elapsed} after the start, and the task has not completed: nothing can complete it.");

    private static void WithoutContext(Action work)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
