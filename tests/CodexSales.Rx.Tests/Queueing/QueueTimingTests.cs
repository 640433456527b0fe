using CodexSales.Rx.Filtering;
using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>When the queue changes, and why, from events to change sets.</summary>
public sealed class QueueTimingTests : ReactiveTest
{
    private const ulong Genesis = 1_000_000;

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_full_queue_evicts_in_the_moment_of_the_event_and_takes_back_what_waits_when_there_is_room()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext<MarketEvent>(Seconds(10), Requested(1, price: 1, expiry: 200)),
            OnNext<MarketEvent>(Seconds(20), Requested(2, price: 2, expiry: 60)),
            OnNext<MarketEvent>(Seconds(30), Requested(3, price: 3, expiry: 200)),
            OnNext<MarketEvent>(Seconds(40), new SlotFilled(At(40), new SlotKey(QueueSamples.IdOf(3), 0))));

        var seen = Run(capacity: 2, events);

        ReactiveAssert.AreElementsEqual(
            [
                OnNext(Seconds(1), ""),
                OnNext(Seconds(10), "1 Added (Requested)"),
                OnNext(Seconds(20), "2 Added (Requested)"),
                OnNext(Seconds(30), "3 Added (Requested), 1 Removed (Evicted)"),
                OnNext(Seconds(40), "3 Removed (Filled), 1 Added (RoomMade)"),
                OnNext(Seconds(61), "2 Removed (Expired)"),
            ],
            seen.Messages);
    }

    private ITestableObserver<string> Run(int capacity, ITestableObservable<MarketEvent> events)
    {
        using var clock = new ChainClock(_scheduler);
        clock.Observe(At(0));
        var ledger = new AvailabilityLedger(_scheduler, error => throw error);
        ledger.Save(QueueSamples.Everything());
        var queue = new SlotQueue(capacity, null, error => throw error, _scheduler);
        var tracker = new RequestTracker(new TrackingLimits(1_000, 1_000), 10, new Random(1), _ => { });
        using var run = events.TrackOpenSlots(tracker, clock)
            .FilterByAvailability(new AvailabilityFilter(ledger, (_, _, _) => { }, tracker.NoteTaken), ledger.Changes)
            .Subscribe(queue.Apply);
        return _scheduler.Start(
            () => queue.Connect().Select(set => string.Join(", ", set.Select(change => string.Create(
                CultureInfo.InvariantCulture,
                $"{QueueSamples.NumberOf(change.Key.RequestId)} {change.Kind} ({change.Cause})")))),
            0,
            Seconds(1),
            Seconds(100));
    }

    private static BlockStamp At(ulong seconds) => new(seconds + 1, new UnixSeconds(Genesis + seconds));

    private static StorageRequested Requested(int number, ulong price, ulong expiry) =>
        new(At(10), QueueSamples.IdOf(number), SalesFixture.Ask(price), new UnixSeconds(Genesis + expiry));
}
