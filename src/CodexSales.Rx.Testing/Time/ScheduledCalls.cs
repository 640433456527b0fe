namespace CodexSales.Rx.Testing.Time;

/// <summary>Tasks that complete on a scheduler; what awaits them continues there, inline.</summary>
internal static class ScheduledCalls
{
    /// <summary>Computes a result after a delay. A cancelled token ends the task at once, and cancels its timer.</summary>
    public static Task<T> CallAsync<T>(
        this IScheduler scheduler, TimeSpan delay, Func<T> compute, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var result = new TaskCompletionSource<T>();
        CancellationTokenRegistration registration = default;
        var timer = scheduler.Schedule(delay, () =>
        {
            registration.Dispose();
            Complete(result, compute);
        });
        registration = cancellationToken.Register(() =>
        {
            timer.Dispose();
            result.TrySetCanceled(cancellationToken);
        });
        return result.Task;
    }

    /// <summary>A call that is never answered: only its token ends it.</summary>
    public static Task<T> StallAsync<T>(CancellationToken cancellationToken) =>
        new TaskCompletionSource<T>().Task.UnlessCancelledAsync(cancellationToken);

    /// <summary>The result of a task, unless the token is cancelled first; the task itself goes on.</summary>
    public static Task<T> UnlessCancelledAsync<T>(this Task<T> task, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return task;
        }

        var result = new TaskCompletionSource<T>();
        var registration = cancellationToken.Register(() => result.TrySetCanceled(cancellationToken));
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
