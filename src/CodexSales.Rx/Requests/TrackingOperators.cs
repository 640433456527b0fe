using CodexSales.Rx.Time;

namespace CodexSales.Rx.Requests;

/// <summary>The first stage: from what happens on the market to which slots are open.</summary>
internal static class TrackingOperators
{
    /// <summary>Keeps <paramref name="openSlots"/> up to date with the events and the clock, and notifies of what
    /// changes. Time that has passed counts before an event of the same moment.</summary>
    public static IObservable<SlotGroupChanges> TrackOpenSlots(
        this IObservable<MarketEvent> events, RequestTracker openSlots, ChainClock clock) =>
        Observable.Create<SlotGroupChanges>(observer => new Tracking(openSlots, clock, observer).Begin(events));

    private sealed class Tracking(RequestTracker openSlots, ChainClock clock, IObserver<SlotGroupChanges> observer)
        : IDisposable
    {
        private readonly SerialDisposable _timer = new();
        private UnixSeconds? _armedFor;

        public IDisposable Begin(IObservable<MarketEvent> events)
        {
            Arm();
            var goingBack = clock.GoingBack.Subscribe(_ => Wake(), observer.OnError);
            var subscription = events.Subscribe(Apply, observer.OnError, observer.OnCompleted);
            return StableCompositeDisposable.Create(subscription, goingBack, this);
        }

        public void Dispose() => _timer.Dispose();

        private void Apply(MarketEvent happened)
        {
            Tell(openSlots.SetTime(clock.Now));
            if (openSlots.Apply(happened, clock.Now) is { } change)
            {
                observer.OnNext(change);
            }

            // The filter has answered by now whether an availability takes what is new.
            Tell(openSlots.Trim(clock.Now));
            Arm();
        }

        private void Wake()
        {
            _armedFor = null;
            Tell(openSlots.SetTime(clock.Now));
            Arm();
        }

        private void Arm()
        {
            if (_armedFor != openSlots.NextDue)
            {
                _armedFor = openSlots.NextDue;
                var wait = new SingleAssignmentDisposable();
                _timer.Disposable = wait; // Before it begins: what is past already arms it anew.
                wait.Disposable = _armedFor is { } deadline
                    ? clock.WhenPast(deadline).Subscribe(_ => Wake(), observer.OnError)
                    : Disposable.Empty;
            }
        }

        private void Tell(IEnumerable<SlotGroupChanges> changes)
        {
            foreach (var change in changes)
            {
                observer.OnNext(change);
            }
        }
    }
}
