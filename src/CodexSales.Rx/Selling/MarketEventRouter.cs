using System.Reactive.Subjects;

namespace CodexSales.Rx.Selling;

/// <summary>Brings each event to the sales of its request, however many sales there are. Lives on the core
/// scheduler.</summary>
internal sealed class MarketEventRouter
{
    private readonly Dictionary<RequestId, Subject<MarketEvent>> _listened = [];

    /// <summary>The events about a request from now on, but not those that are taken back.</summary>
    public IObservable<MarketEvent> About(RequestId request) => Observable.Create<MarketEvent>(observer =>
    {
        if (!_listened.TryGetValue(request, out var events))
        {
            _listened.Add(request, events = new Subject<MarketEvent>());
        }

        var subscription = events.Subscribe(observer);
        return Disposable.Create(() =>
        {
            subscription.Dispose();
            if (!events.HasObservers)
            {
                _listened.Remove(request);
            }
        });
    });

    public void Route(MarketEvent happened)
    {
        var request = happened switch
        {
            SlotFilled filled => filled.Slot.RequestId,
            SlotFreed freed => freed.Slot.RequestId,
            RequestFailed failed => failed.RequestId,
            StorageRequested asked => asked.RequestId,
            _ => default(RequestId?),
        };
        if (request is { } id && _listened.TryGetValue(id, out var events))
        {
            events.OnNext(happened);
        }
    }
}
