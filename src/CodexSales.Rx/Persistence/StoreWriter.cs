using System.Reactive;
using System.Reactive.Subjects;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Persistence;

/// <summary>The way of decisions into the store: in the order in which they were made, one batch at a time, each tried
/// until it is written.</summary>
/// <remarks>Lives on the core scheduler. Each sale waits for its own write, so at most one entry for each sale is
/// queued.</remarks>
internal sealed class StoreWriter(ISalesStore store, Retry retry) : IDisposable
{
    private static readonly IObservable<Unit> Done = Observable.Return(Unit.Default, ImmediateScheduler.Instance);

    private readonly SerialDisposable _writing = new();
    private Batch? _underWay;
    private Batch? _waiting;

    // Cancels the first attempt of a write that did not complete synchronously; shared by all that do.
    private CancellationTokenSource _patience = new();

    /// <summary>Writes a decision down, and notifies once it is durable: at once, where the store is that
    /// quick.</summary>
    public IObservable<Unit> Save(StoreChange change)
    {
        if (_underWay is null)
        {
            return Write(new Batch(change));
        }

        if (_waiting is null)
        {
            _waiting = new Batch(change);
        }
        else
        {
            _waiting.Changes.Add(change);
        }

        return _waiting.Written;
    }

    /// <summary>Does something once a decision is durable.</summary>
    public IObservable<T> SaveThen<T>(StoreChange change, Func<IObservable<T>> next)
    {
        var saved = Save(change);
        return ReferenceEquals(saved, Done) ? next() : saved.SelectMany(_ => next());
    }

    /// <summary>Those who still wait get an error: nobody knows what became of their decisions.</summary>
    public void Dispose()
    {
        _writing.Dispose();
        _patience.Dispose();
        var error = new ObjectDisposedException(nameof(StoreWriter), "The pipeline was disposed of before it was written down.");
        _underWay?.Written.OnError(error);
        _waiting?.Written.OnError(error);
        (_underWay, _waiting) = (null, null);
    }

    private IObservable<Unit> Write(Batch batch)
    {
        _underWay = batch;
        var first = SaveAsync(batch, _patience.Token);
        if (first.IsCompletedSuccessfully)
        {
            _underWay = null;
            return Done;
        }

        var (begun, patience) = ((Task?)first, _patience);
        _patience = new CancellationTokenSource();
        _writing.Disposable = retry.Outgoing.Count(retry.UntilDone(HostPort.Store, Attempt)).Subscribe(_ => Finish(batch));
        return batch.Written;

        // An attempt that takes too long is given up before the next one: two at a time could land in any order.
        Task Attempt(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref begun, null) is not { } task)
            {
                return SaveAsync(batch, cancellationToken);
            }

            cancellationToken.Register(patience.Cancel);
            return task;
        }
    }

    // Those who wait for a batch hear of it before the next one is begun: a quick store would be done with that one at once.
    // Their decisions of that moment wait behind those that wait already.
    private void Finish(Batch batch)
    {
        for (var written = batch; written is not null;)
        {
            written.Finish();
            var next = _waiting;
            (_underWay, _waiting) = (null, null);
            written = next is not null && ReferenceEquals(Write(next), Done) ? next : null;
            _underWay ??= written;
        }
    }

    // An exception that a store throws at once is a failure like any other.
    private async Task SaveAsync(Batch batch, CancellationToken cancellationToken) =>
        await store.SaveAsync(batch.Changes, cancellationToken).ConfigureAwait(false);

    private sealed class Batch(StoreChange first)
    {
        private AsyncSubject<Unit>? _written;

        public List<StoreChange> Changes { get; } = [first];

        public AsyncSubject<Unit> Written => _written ??= new AsyncSubject<Unit>();

        public void Finish()
        {
            _written?.OnNext(Unit.Default);
            _written?.OnCompleted();
        }
    }
}
