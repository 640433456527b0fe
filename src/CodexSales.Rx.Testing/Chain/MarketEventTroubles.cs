namespace CodexSales.Rx.Testing.Chain;

/// <summary>Troubles of a market's events on their way.</summary>
public static class MarketEventTroubles
{
    /// <summary>The same events in order, each at its delay or later: a slow one holds up those behind it.</summary>
    /// <param name="events">The events.</param>
    /// <param name="delayOf">How long each takes at least; at most 0 for not at all.</param>
    /// <param name="scheduler">Gives the time.</param>
    public static IObservable<MarketEvent> DelayInOrder(
        this IObservable<MarketEvent> events, Func<MarketEvent, TimeSpan> delayOf, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(delayOf);
        ArgumentNullException.ThrowIfNull(scheduler);
        return Observable.Create<MarketEvent>(observer =>
        {
            var (last, waiting) = (scheduler.Now, 0);
            var timers = new CompositeDisposable();
            timers.Add(events.Subscribe(
                happened => Deliver(delayOf(happened), () => observer.OnNext(happened)),
                error => Deliver(TimeSpan.Zero, () => observer.OnError(error)),
                () => Deliver(TimeSpan.Zero, observer.OnCompleted)));
            return timers;

            void Deliver(TimeSpan delay, Action tell)
            {
                var due = scheduler.Now + delay;
                last = due > last ? due : last;
                if (last <= scheduler.Now && waiting == 0)
                {
                    tell();
                    return;
                }

                waiting++;
                var timer = new SingleAssignmentDisposable();
                timers.Add(timer);
                timer.Disposable = scheduler.Schedule(last, () =>
                {
                    waiting--;
                    timers.Remove(timer);
                    tell();
                });
            }
        });
    }

    /// <summary>Tells some events twice, which <see cref="IMarket.Events"/> forbids; a pipeline ignores it.</summary>
    /// <param name="events">The events.</param>
    /// <param name="isTwice">Which ones; never asked about <see cref="Reverted"/> and <see cref="BlockTold"/>.</param>
    public static IObservable<MarketEvent> TellTwice(
        this IObservable<MarketEvent> events, Func<MarketEvent, bool> isTwice)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(isTwice);
        return events.SelectMany(happened =>
            Enumerable.Repeat(happened, happened is not (Reverted or BlockTold) && isTwice(happened) ? 2 : 1));
    }
}
