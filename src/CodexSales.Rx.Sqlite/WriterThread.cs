using System.Collections.Concurrent;

namespace CodexSales.Rx.Sqlite;

/// <summary>Writes, one job after another: neither the caller nor the pool's threads should wait for a disk.</summary>
internal sealed class WriterThread : IDisposable
{
    private readonly BlockingCollection<Action> _jobs = [];
    private readonly Thread _thread;

    public WriterThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "CodexSales store" };
        _thread.Start();
    }

    /// <summary>Does a job. Once it has begun it can't be cancelled: its task tells what came of it.</summary>
    public Task<T> RunAsync<T>(Func<T> job, CancellationToken cancellationToken)
    {
        // The caller goes on elsewhere, not on this thread.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs.Add(() => Do(job, done, cancellationToken), CancellationToken.None);
        return done.Task;
    }

    /// <summary>Waits until every job that came before is done.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        _thread.Join();
        _jobs.Dispose();
    }

    private static void Do<T>(Func<T> job, TaskCompletionSource<T> done, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            done.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            done.SetResult(job());
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    private void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job();
        }
    }
}
