using System.Reactive;
using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Resilience;

/// <summary>When what failed is tried again, as windows of subscription.</summary>
public sealed class RetryTimingTests : ReactiveTest
{
    private static readonly long Start = Seconds(100);

    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Each_try_begins_twice_as_long_after_the_last_one_failed_up_to_the_longest_wait()
    {
        var away = new IOException("Away.");
        var work = _scheduler.CreateColdObservable(OnError<Unit>(Seconds(2), away));

        var seen = _scheduler.Start(() => NewRetry(longest: 5).RetryForever(work), 0, Start, Start + Seconds(30));

        Assert.Empty(seen.Messages);
        ReactiveAssert.AreElementsEqual(
            [
                Subscribe(Start, Start + Seconds(2)),
                Subscribe(Start + Seconds(2 + 1), Start + Seconds(5)),
                Subscribe(Start + Seconds(5 + 2), Start + Seconds(9)),
                Subscribe(Start + Seconds(9 + 4), Start + Seconds(15)),
                Subscribe(Start + Seconds(15 + 5), Start + Seconds(22)),
                Subscribe(Start + Seconds(22 + 5), Start + Seconds(29)),
            ],
            work.Subscriptions);
    }

    [Fact]
    public void An_attempt_that_succeeds_is_the_last_one_and_its_value_is_passed_on_when_it_comes()
    {
        var failing = _scheduler.CreateColdObservable(OnError<int>(Seconds(1), new IOException("Away.")));
        var working = _scheduler.CreateColdObservable(OnNext(Seconds(3), 7), OnCompleted<int>(Seconds(4)));
        var attempts = new Queue<IObservable<int>>([failing, failing, working]);

        var seen = _scheduler.Start(
            () => NewRetry(longest: 60).RetryForever(Observable.Defer(attempts.Dequeue)), 0, Start, Start + Seconds(60));

        // 1 s of failing and 1 s of waiting, then 1 s and 2 s.
        ReactiveAssert.AreElementsEqual(
            [OnNext(Start + Seconds(5 + 3), 7), OnCompleted<int>(Start + Seconds(5 + 4))], seen.Messages);
        ReactiveAssert.AreElementsEqual([Subscribe(Start + Seconds(5), Start + Seconds(9))], working.Subscriptions);
    }

    [Fact]
    public void Work_that_is_not_over_by_its_deadline_is_left_then_however_much_it_has_said()
    {
        var work = _scheduler.CreateColdObservable(
            OnNext(Seconds(1), 1), OnNext(Seconds(9), 2), OnNext(Seconds(11), 3), OnCompleted<int>(Seconds(12)));

        var seen = _scheduler.Start(
            () => work.Within(TimeSpan.FromSeconds(10), _scheduler), 0, Start, Start + Seconds(60));

        ReactiveAssert.AreElementsEqual(
            [
                OnNext(Start + Seconds(1), 1),
                OnNext(Start + Seconds(9), 2),
                OnError<int>(Start + Seconds(10), error => error is DeadlineException),
            ],
            seen.Messages);
        ReactiveAssert.AreElementsEqual([Subscribe(Start, Start + Seconds(10))], work.Subscriptions);
    }

    [Fact]
    public void Who_leaves_between_two_tries_causes_no_further_one()
    {
        var work = _scheduler.CreateColdObservable(OnError<Unit>(Seconds(1), new IOException("Away.")));

        _scheduler.Start(() => NewRetry(longest: 60).RetryForever(work), 0, Start, Start + Seconds(3.5));
        _scheduler.AdvanceBy(Seconds(1_000));

        ReactiveAssert.AreElementsEqual(
            [Subscribe(Start, Start + Seconds(1)), Subscribe(Start + Seconds(2), Start + Seconds(3))], work.Subscriptions);
    }

    private Retry NewRetry(int longest) => new(
        new SellingOptions { FirstRetryDelay = TimeSpan.FromSeconds(1), LongestRetryDelay = TimeSpan.FromSeconds(longest) },
        new NoChance(),
        _ => { },
        new PortWatch(_scheduler),
        _scheduler);

    /// <summary>Draws the longest wait each time, so that the windows are round.</summary>
    private sealed class NoChance : Random
    {
        public override double NextDouble() => 1;
    }
}
