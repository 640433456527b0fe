using System.Reactive.Concurrency;

namespace CodexSales.Rx.Testing;

/// <summary>Tasks that complete on a scheduler; what awaits them continues there, inline.</summary>
internal static class ScheduledCalls
{
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
            WorkFault.Fails => scheduler.CallAsync<T>(
                delay,
                () => throw new IOException($"{call.Name} of slot {call.Slot} failed, as it was told to."),
                cancellation),
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
