using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Requests;

/// <summary>When slots come into the market and leave it, by events and by time alone.</summary>
public sealed class TrackingTimingTests : ReactiveTest
{
    private const ulong Genesis = 1_000_000;

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_request_that_nobody_ends_is_over_when_the_time_of_the_chain_has_passed_its_expiry()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext<MarketEvent>(Seconds(10), Requested(1, expiry: 60)),
            OnNext<MarketEvent>(Seconds(20), Requested(2, expiry: 90)),
            OnNext<MarketEvent>(Seconds(50), new RequestCancelled(At(50), Id(2))));

        var seen = Track(events);

        ReactiveAssert.AreElementsEqual(
            [
                OnNext(Seconds(10), "Requested: GroupOpened 1"),
                OnNext(Seconds(20), "Requested: GroupOpened 2"),
                OnNext(Seconds(50), "Cancelled: GroupClosed 2"),
                OnNext(Seconds(61), "Expired: GroupClosed 1"),
            ],
            seen.Messages);
    }

    [Fact]
    public void The_end_of_the_events_is_the_end_and_time_alone_says_nothing_more()
    {
        var events = _scheduler.CreateHotObservable(
            OnNext<MarketEvent>(Seconds(10), Requested(1, expiry: 60)), OnCompleted<MarketEvent>(Seconds(30)));

        var seen = Track(events);

        ReactiveAssert.AreElementsEqual(
            [OnNext(Seconds(10), "Requested: GroupOpened 1"), OnCompleted<string>(Seconds(30))], seen.Messages);
        ReactiveAssert.AreElementsEqual([Subscribe(Seconds(1), Seconds(30))], events.Subscriptions);
    }

    private ITestableObserver<string> Track(ITestableObservable<MarketEvent> events)
    {
        using var clock = new ChainClock(_scheduler);
        clock.Observe(At(0));
        var tracker = new RequestTracker(new TrackingLimits(1_000, 1_000), 10, new Random(1), _ => { });
        return _scheduler.Start(
            () => events.TrackOpenSlots(tracker, clock).Select(changes => string.Create(
                CultureInfo.InvariantCulture,
                $"{changes.Cause}: {changes.Changes[0].Kind} {changes.Changes[0].Group.Terms.RequestId.Value.ToString()[^1]}")),
            0,
            Seconds(1),
            Seconds(200));
    }

    private static BlockStamp At(ulong seconds) => new(seconds + 1, new UnixSeconds(Genesis + seconds));

    private static RequestId Id(byte number) => new(new Bytes32([.. new byte[31], number]));

    private static StorageRequested Requested(byte number, ulong expiry) =>
        new(At(10), Id(number), SalesFixture.Ask(price: 1), new UnixSeconds(Genesis + expiry));
}
