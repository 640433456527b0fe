using CodexSales.Rx.Working;
using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Working;

/// <summary>When slots are acquired, as windows of subscription: which worker is busy from when to when.</summary>
public sealed class WorkersTimingTests : ReactiveTest, IDisposable
{
    // A ticket reaches the worker by way of the core's scheduler: one tick later.
    private const long Hop = 1;

    private readonly TestScheduler _scheduler = new();
    private readonly Dictionary<string, ITestableObservable<string>> _sales = [];
    private readonly SlotQueue _queue;
    private readonly Workers _workers;

    public WorkersTimingTests()
    {
        _queue = new SlotQueue(100, null, error => throw error, _scheduler);
        _workers = new Workers(3, 3, _queue, _scheduler, error => throw error);
    }

    [Fact]
    public void Three_are_busy_at_once_and_the_next_sale_begins_in_the_moment_in_which_one_ends()
    {
        Takes(price: 5, seconds: 40);
        Takes(price: 4, seconds: 10);
        Takes(price: 3, seconds: 30);
        Takes(price: 2, seconds: 30);
        Takes(price: 1, seconds: 10);
        Come(Seconds(100), 5, 4, 3, 2, 1);

        var seen = Run(until: 300);

        Busy(price: 5, from: 0, to: 40);
        Busy(price: 4, from: 0, to: 10);
        Busy(price: 3, from: 0, to: 30);
        Busy(price: 2, from: 10, to: 40);
        Busy(price: 1, from: 30, to: 40);
        Assert.Equal(
            ["sold for 4", "sold for 3", "sold for 5", "sold for 2", "sold for 1"],
            seen.Messages.Select(message => message.Value.Value));
    }

    [Fact]
    public void A_slot_that_comes_while_all_are_busy_goes_before_worse_ones_that_waited_longer()
    {
        Takes(price: 3, seconds: 20);
        Takes(price: 2, seconds: 20);
        Takes(price: 1, seconds: 20);
        Takes(price: 9, seconds: 20);
        Come(Seconds(100), 3, 2, 1);
        _workers.SetLimit(1);
        Come(Seconds(110), 9);

        Run(until: 300);

        Busy(price: 3, from: 0, to: 20);
        Busy(price: 9, from: 20, to: 40);
        Busy(price: 2, from: 40, to: 60);
        Busy(price: 1, from: 60, to: 80);
    }

    [Fact]
    public void A_sale_that_never_ends_keeps_its_worker_until_the_stage_is_left()
    {
        Takes(price: 1, seconds: 1_000);
        Come(Seconds(100), 1);

        Run(until: 150);

        Busy(price: 1, from: 0, to: 50 - (Hop / (double)TimeSpan.TicksPerSecond));
    }

    public void Dispose()
    {
        _workers.Dispose();
        _queue.Dispose();
    }

    private void Takes(ulong price, double seconds) => _sales[$"{price}"] = _scheduler.CreateColdObservable(
        OnNext(Seconds(seconds), $"sold for {price}"), OnCompleted<string>(Seconds(seconds)));

    private void Come(long at, params ulong[] prices) => _scheduler.ScheduleAbsolute(at, () =>
    {
        _workers.NoteEvents(areTold: false);
        foreach (var price in prices)
        {
            _queue.Apply(new SlotGroupChanges(
                QueueCause.Requested, [new SlotGroupChange(SlotGroupChangeKind.GroupOpened, Group(price))]));
        }

        _workers.NoteEvents(areTold: true);
    });

    private ITestableObserver<string> Run(double until) => _scheduler.Start(
        () => _workers.Occupy(best => _sales[$"{best.Terms.Ask.PricePerBytePerSecond}"]), 0, Seconds(1), Seconds(until));

    private void Busy(ulong price, double from, double to) => ReactiveAssert.AreElementsEqual(
        [Subscribe(Seconds(100 + from) + Hop, Seconds(100 + to) + Hop)], _sales[$"{price}"].Subscriptions);

    private static SlotGroup Group(ulong price) => SlotGroup.OfRequest(
        new SlotTerms
        {
            RequestId = new RequestId(new Bytes32([.. Enumerable.Repeat((byte)price, 32)])),
            Ask = SalesFixture.Ask(price),
            Reward = price,
            Collateral = 1,
            ExpiresAt = new UnixSeconds(1),
            EndsAt = new UnixSeconds(2),
        },
        (long)price,
        new Random(0),
        (_, _) => true);
}
