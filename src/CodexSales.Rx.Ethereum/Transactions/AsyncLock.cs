namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Lets one at a time through, in their order. Unlike a semaphore's, its waiters don't go on on the thread
/// pool: whoever leaves runs the next one, so that virtual time stays in one thread.</summary>
internal sealed class AsyncLock
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Waits for a turn, which lasts until the result is disposed.</summary>
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
