namespace CodexSales.Rx.Local.Tests.Selling;

/// <summary>Ports that do real work, during which virtual time stands still.</summary>
internal sealed class RealWork(SharedVirtualTime time, ISlotStorage storage, IProver prover) : ISlotStorage, IProver
{
    public IObservable<ulong> Store(SlotDownload download) =>
        Observable.Using(time.Work, _ => storage.Store(download));

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        DoAsync(() => Completed(storage.KeepUntilAsync(slot, until, cancellation)));

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) =>
        DoAsync(() => Completed(storage.ClearAsync(slot, cancellation)));

    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        DoAsync(() => prover.ProveAsync(slot, challenge, cancellation));

    // Whoever waits for the answer hears of it first, and only then may time go on.
    private Task<T> DoAsync<T>(Func<Task<T>> call)
    {
        var answer = new TaskCompletionSource<T>();
        var work = time.Work();
        _ = CallAsync();
        return answer.Task;

        async Task CallAsync()
        {
            var task = call();
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            answer.SetFromTask(task);
            work.Dispose();
        }
    }

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }
}
