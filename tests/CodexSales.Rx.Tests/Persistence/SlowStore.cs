namespace CodexSales.Rx.Tests.Persistence;

/// <summary>A store whose writes end when the test says so, and as it says.</summary>
internal sealed class SlowStore : ISalesStore
{
    private readonly MemorySalesStore _written = new();
    private readonly Queue<(TaskCompletionSource Task, IReadOnlyList<StoreChange> Changes)> _underWay = new();

    /// <summary>What each attempt wanted to write.</summary>
    public List<int> Attempts { get; } = [];

    /// <summary>How many attempts nobody waits for any more.</summary>
    public int GivenUp { get; private set; }

    public int UnderWay => _underWay.Count;

    /// <summary>Whether writes that begin from now on end at once.</summary>
    public bool IsQuick { get; set; }

    public StoredSales Load() => _written.Load();

    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        Attempts.Add(changes.Count);
        if (IsQuick)
        {
            return _written.SaveAsync(changes, cancellation);
        }

        var task = new TaskCompletionSource();
        cancellation.Register(() => GivenUp += task.TrySetCanceled(cancellation) ? 1 : 0);
        _underWay.Enqueue((task, [.. changes]));
        return task.Task;
    }

    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
        _written.ReadHistoryAsync(before, count, cancellation);

    public void Finish()
    {
        var (task, changes) = _underWay.Dequeue();
        _ = _written.SaveAsync(changes, default);
        task.TrySetResult();
    }

    public void Fail() => _underWay.Dequeue().Task.TrySetException(new SalesStoreException("The disk is full."));
}
