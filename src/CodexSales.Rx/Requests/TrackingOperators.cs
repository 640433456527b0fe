using CodexSales.Rx.Time;

namespace CodexSales.Rx.Requests;

/// <summary>The first stage: from what happens on the market to which slots are open.</summary>
internal static class TrackingOperators
{
    /// <summary>
    /// Keeps <paramref name="openSlots"/> up to date with the events and the clock, and notifies of what changes. Time
    /// that has passed counts before an event of the same moment.
    /// </summary>
    public static IObservable<SlotGroupChanges> TrackOpenSlots(
        this IObservable<MarketEvent> events, RequestTracker openSlots, ChainClock clock) =>
        Observable.Create<SlotGroupChanges>(observer =>
        {
            var timer = new SerialDisposable();
            var armedFor = default(UnixSeconds?);
            Arm();
            var goingBack = clock.GoingBack.Subscribe(_ => Wake(), observer.OnError);
            var subscription = events.Subscribe(
                happened =>
                {
                    SetTime();
                    if (openSlots.Apply(happened, clock.Now) is { } change)
                    {
                        observer.OnNext(change);
                    }

                    // Whether an availability takes what is new is known by now.
                    Tell(openSlots.Trim(clock.Now));
                    Arm();
                },
                observer.OnError,
                observer.OnCompleted);
            return StableCompositeDisposable.Create(subscription, goingBack, timer);

            void SetTime() => Tell(openSlots.SetTime(clock.Now));

            void Tell(IEnumerable<SlotGroupChanges> changes)
            {
                foreach (var change in changes)
                {
                    observer.OnNext(change);
                }
            }

            void Arm()
            {
                if (armedFor == openSlots.NextDue)
                {
                    return;
                }

                armedFor = openSlots.NextDue;
                var wait = new SingleAssignmentDisposable();
                timer.Disposable = wait; // Before it begins: what is past already arms it anew.
                wait.Disposable = armedFor is { } deadline
                    ? clock.WhenPast(deadline).Subscribe(_ => Wake(), observer.OnError)
                    : Disposable.Empty;
            }

            void Wake()
            {
                armedFor = null;
                SetTime();
                Arm();
            }
        });
}
