using CodexSales.Rx.Filtering;
using CodexSales.Rx.Tests.Availabilities;
using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Filtering;

/// <summary>When slots can be sold: as they come, or as availabilities change.</summary>
public sealed class FilteringTimingTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void A_slot_can_be_sold_as_it_comes_or_when_an_availability_comes_to_take_it()
    {
        var ledger = new AvailabilityLedger(_scheduler, error => throw error);
        var filter = new AvailabilityFilter(ledger, (_, _, _) => { });
        var (cheap, dear) = (Group(price: 1), Group(price: 3));
        var open = _scheduler.CreateHotObservable(
            OnNext(Seconds(10), Opened(cheap)), OnNext(Seconds(20), Opened(dear)), OnNext(Seconds(50), Closed(dear)));
        _scheduler.ScheduleAbsolute(Seconds(5), () => ledger.Save(Offer(price: 3)));
        _scheduler.ScheduleAbsolute(Seconds(30), () => ledger.Save(Offer(price: 1)));
        _scheduler.ScheduleAbsolute(Seconds(40), () => ledger.Remove(Offer(price: 1).Id));

        var seen = _scheduler.Start(
            () => open.FilterByAvailability(filter, ledger.Changes).SelectMany(changes => changes.Changes)
                .Select(change => $"{change.Kind} {change.Group.Terms.Ask.PricePerBytePerSecond}"),
            0,
            Seconds(1),
            Seconds(60));

        // What nothing takes any more has left already when it is closed.
        ReactiveAssert.AreElementsEqual(
            [
                OnNext(Seconds(20), "GroupOpened 3"),
                OnNext(Seconds(30), "GroupOpened 1"),
                OnNext(Seconds(40), "GroupClosed 1"),
                OnNext(Seconds(40), "GroupClosed 3"),
            ],
            seen.Messages.OrderBy(message => message.Time).ThenBy(message => message.Value.Value, StringComparer.Ordinal));
        ReactiveAssert.AreElementsEqual([Subscribe(Seconds(1), Seconds(60))], open.Subscriptions);
    }

    private static Availability Offer(ulong price) => new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = 100,
        MaxDurationSeconds = 100,
        MinPricePerBytePerSecond = price,
        TotalCollateral = 100,
    };

    private static SlotGroup Group(ulong price) =>
        SlotGroup.OfRequest(SmallTerms.Of(1, 1, price, 1, 1, (byte)price), 0, new Random(1), (_, _) => true);

    private static SlotGroupChanges Opened(SlotGroup group) => Change(QueueCause.Requested, SlotGroupChangeKind.GroupOpened, group);

    private static SlotGroupChanges Closed(SlotGroup group) => Change(QueueCause.Cancelled, SlotGroupChangeKind.GroupClosed, group);

    private static SlotGroupChanges Change(QueueCause cause, SlotGroupChangeKind kind, SlotGroup group) =>
        new(cause, [new SlotGroupChange(kind, group)]);
}
