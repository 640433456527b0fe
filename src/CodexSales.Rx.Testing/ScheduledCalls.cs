namespace CodexSales.Rx.Testing;

/// <summary>Tasks that complete on a scheduler; what awaits them continues there, inline.</summary>
internal static class ScheduledCalls
{
    // ERROR_DISK_FULL.
    private const int DiskFullError = unchecked((int)0x80070070);

    /// <summary>How much longer slow work takes.</summary>
    public static readonly TimeSpan Slowness = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Computes a result after a delay. A cancelled token ends the task at once and takes its timer off the scheduler.
    /// </summary>
    public static Task<T> CallAsync<T>(
        this IScheduler scheduler, TimeSpan delay, Func<T> compute, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        var result = new TaskCompletionSource<T>();
        CancellationTokenRegistration registration = default;
        var timer = scheduler.Schedule(delay, () =>
        {
            registration.Dispose();
            Complete(result, compute);
        });
        registration = cancellation.Register(() =>
        {
            timer.Dispose();
            result.TrySetCanceled(cancellation);
        });
        return result.Task;
    }

    /// <summary>The error of work that is told to fail.</summary>
    public static IOException ErrorOf(string name, SlotKey slot, WorkFault fault) => fault == WorkFault.DiskFull
        ? new IOException($"There is not enough space on the disk ({name} of slot {slot.ToShortString()}).", DiskFullError)
        : new IOException($"{name} of slot {slot.ToShortString()} failed, as it was told to.");

    /// <summary>The same for work that may be told to go wrong.</summary>
    public static Task<T> WorkAsync<T>(
        this IScheduler scheduler,
        TimeSpan delay,
        WorkCall call,
        WorkFault fault,
        Func<T> work,
        CancellationToken cancellation) =>
        fault switch
        {
            WorkFault.Stalls => new TaskCompletionSource<T>().Task.UnlessCancelledAsync(cancellation),
            WorkFault.Fails or WorkFault.DiskFull => scheduler.CallAsync<T>(
                delay, () => throw ErrorOf(call.Name, call.Slot, fault), cancellation),
            WorkFault.Slow => scheduler.CallAsync(delay + Slowness, work, cancellation),
            _ => scheduler.CallAsync(delay, work, cancellation),
        };

    /// <summary>The result of a task, unless the token is cancelled first; the task itself goes on.</summary>
    public static Task<T> UnlessCancelledAsync<T>(this Task<T> task, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            return task;
        }

        var result = new TaskCompletionSource<T>();
        var registration = cancellation.Register(() => result.TrySetCanceled(cancellation));
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() =>
        {
            registration.Dispose();
            Complete(result, task.GetAwaiter().GetResult);
        });
        return result.Task;
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<T> compute)
    {
        T value;
        try
        {
            value = compute();
        }
        catch (Exception error)
        {
            result.TrySetException(error);
            return;
        }

        result.TrySetResult(value);
    }
}
