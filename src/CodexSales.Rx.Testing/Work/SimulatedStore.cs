using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Work;

/// <summary>A disk for <see cref="ISalesStore"/>: in memory, slow and failing as told; outlives pipelines.</summary>
/// <remarks>A write is made as it is confirmed, all or nothing. Threading: on the scheduler only.</remarks>
/// <param name="scheduler">Gives the time.</param>
/// <param name="writeTime">How long a write takes; with zero it is confirmed inside of the call.</param>
public sealed class SimulatedStore(IScheduler scheduler, TimeSpan writeTime = default) : ISalesStore, IDisposable
{
    private readonly MemorySalesStore _disk = new(int.MaxValue);
    private readonly Subject<StoreChange> _written = new();
    private readonly LinkedList<Write> _underWay = [];

    /// <summary>Decides, for each write as it begins, what goes wrong with it. By default nothing does.</summary>
    public Func<StoreFault> Faults { get; set; } = () => StoreFault.None;

    /// <summary>Each change at the moment at which it is on the disk.</summary>
    public IObservable<StoreChange> Written => _written.AsObservable();

    /// <summary>The number of writes that are begun and not confirmed.</summary>
    public int UnderWay => _underWay.Count;

    /// <inheritdoc/>
    public StoredSales Load() => _disk.Load();

    /// <inheritdoc/>
    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before, int count, CancellationToken cancellationToken = default) =>
        _disk.ReadHistoryAsync(before, count, cancellationToken);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var fault = Faults();
        if (fault == StoreFault.None && writeTime == TimeSpan.Zero)
        {
            Make(changes);
            return Task.CompletedTask;
        }

        return Begin(new Write([.. changes]), fault, cancellationToken);
    }

    /// <summary>The machine loses power: nobody hears of writes that are not confirmed any more.</summary>
    /// <param name="keepsUnconfirmed">Whether they have reached the disk all the same.</param>
    public void Crash(bool keepsUnconfirmed)
    {
        foreach (var write in _underWay)
        {
            write.Timer.Dispose();
            if (keepsUnconfirmed && !write.IsMade)
            {
                Make(write.Changes);
            }
        }

        _underWay.Clear();
    }

    /// <summary>Cancels the timers of writes that are not confirmed.</summary>
    public void Dispose()
    {
        Crash(keepsUnconfirmed: false);
        _written.Dispose();
    }

    private Task Begin(Write write, StoreFault fault, CancellationToken cancellationToken)
    {
        var place = _underWay.AddLast(write);
        if (fault == StoreFault.Unheard)
        {
            write.IsMade = true;
            Make(write.Changes);
        }

        if (fault is not (StoreFault.Stalls or StoreFault.Unheard))
        {
            var delay = fault == StoreFault.Slow ? writeTime + FaultyWork.Slowness : writeTime;
            write.Timer.Disposable = scheduler.Schedule(delay, () => End(place, fault));
        }

        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => Cancel(place, cancellationToken));
        }

        return write.Confirmed.Task;
    }

    private void End(LinkedListNode<Write> place, StoreFault fault)
    {
        _underWay.Remove(place);
        if (fault == StoreFault.Fails)
        {
            place.Value.Confirmed.TrySetException(new SalesStoreException("The disk failed, as it was told to."));
            return;
        }

        Make(place.Value.Changes);
        place.Value.Confirmed.TrySetResult();
    }

    private void Cancel(LinkedListNode<Write> place, CancellationToken cancellationToken)
    {
        if (place.List is not null)
        {
            _underWay.Remove(place);
            place.Value.Timer.Dispose();
            place.Value.Confirmed.TrySetCanceled(cancellationToken);
        }
    }

    // The memory store takes changes at once.
    private void Make(IReadOnlyList<StoreChange> changes)
    {
        _ = _disk.SaveAsync(changes, CancellationToken.None);
        foreach (var change in changes)
        {
            _written.OnNext(change);
        }
    }

    private sealed class Write(IReadOnlyList<StoreChange> changes)
    {
        public IReadOnlyList<StoreChange> Changes => changes;

        public TaskCompletionSource Confirmed { get; } = new();

        public SingleAssignmentDisposable Timer { get; } = new();

        public bool IsMade { get; set; }
    }
}
