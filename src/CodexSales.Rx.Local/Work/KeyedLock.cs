namespace CodexSales.Rx.Local.Work;

/// <summary>Lets one operation on each slot go on at a time; the others wait in the order in which they came.</summary>
/// <remarks>For any thread. Costs nothing for a slot on which nothing goes on.</remarks>
internal sealed class KeyedLock
{
    private readonly Lock _gate = new();

    // The end of the last operation on each slot that has any.
    private readonly Dictionary<SlotKey, Task> _last = [];

    /// <summary>Waits for the slot; disposing what comes back lets the next operation go on.</summary>
    public async Task<IDisposable> WaitAsync(SlotKey slot, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before;
        lock (_gate)
        {
            _last.TryGetValue(slot, out before);
            _last[slot] = ended.Task;
        }

        try
        {
            await (before ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Operations behind this one still wait for the one before it.
            _ = PassOnAsync(before!, slot, ended);
            throw;
        }

        return Disposable.Create(() => End(slot, ended));
    }

    private async Task PassOnAsync(Task before, SlotKey slot, TaskCompletionSource ended)
    {
        await before.ConfigureAwait(false);
        End(slot, ended);
    }

    private void End(SlotKey slot, TaskCompletionSource ended)
    {
        lock (_gate)
        {
            if (_last[slot] == ended.Task)
            {
                _last.Remove(slot);
            }
        }

        ended.SetResult();
    }
}
