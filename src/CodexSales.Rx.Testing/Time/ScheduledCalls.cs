namespace CodexSales.Rx.Testing.Time;

/// <summary>Tasks that complete on a scheduler; what awaits them continues there, inline.</summary>
internal static class ScheduledCalls
{
    /// <summary>Computes a result after a delay. A cancelled token ends the task at once, and cancels its timer.</summary>
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

    /// <summary>A call that is never answered: only its token ends it.</summary>
    public static Task<T> StallAsync<T>(CancellationToken cancellation) =>
        new TaskCompletionSource<T>().Task.UnlessCancelledAsync(cancellation);

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
