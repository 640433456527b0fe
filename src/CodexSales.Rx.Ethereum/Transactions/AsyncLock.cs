namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Lets one at a time through, in the order in which they came.</summary>
/// <remarks>
/// In place of a semaphore, whose waiters go on on threads of the pool: here whoever leaves runs the next one, so that
/// virtual time stays in one thread.
/// </remarks>
internal sealed class AsyncLock
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Waits for its turn, which lasts until what is returned is disposed.</summary>
    public async Task<IDisposable> EnterAsync()
    {
        var mine = new TaskCompletionSource();
        Task before;
        lock (_gate)
        {
            before = _last;
            _last = mine.Task;
        }

        await before.ConfigureAwait(false);
        return new Turn(mine);
    }

    private sealed class Turn(TaskCompletionSource end) : IDisposable
    {
        public void Dispose() => end.TrySetResult();
    }
}
