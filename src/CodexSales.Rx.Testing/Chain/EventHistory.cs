namespace CodexSales.Rx.Testing.Chain;

/// <summary>Events as far back as a request can be open; a new subscriber gets them before the live ones.</summary>
internal sealed class EventHistory(ulong seconds) : IDisposable
{
    private readonly LinkedList<MarketEvent> _past = new();
    private readonly Subject<MarketEvent> _live = new();

    public IObservable<MarketEvent> Events => Observable.Create<MarketEvent>(observer =>
    {
        foreach (var happened in _past.ToArray())
        {
            observer.OnNext(happened);
        }

        return _live.Subscribe(observer);
    });

    public void Publish(MarketEvent happened)
    {
        // Kept before it is told: who subscribes because of it finds it in the past, and only there.
        if (happened is not BlockTold)
        {
            _past.AddLast(happened);
        }

        while (_past.First is { } first && first.Value.Block.Time.Plus(seconds) < happened.Block.Time)
        {
            _past.RemoveFirst();
        }

        if (!_live.IsDisposed)
        {
            _live.OnNext(happened);
        }
    }

    /// <summary>Takes the newest event back; only those who listen now are told.</summary>
    public void Revert(Reverted reverted)
    {
        if (_past.Last is { } newest)
        {
            _past.Remove(newest);
        }

        if (!_live.IsDisposed)
        {
            _live.OnNext(reverted);
        }
    }

    public void Dispose() => _live.Dispose();
}
