using Microsoft.Reactive.Testing;
using static CodexSales.Rx.Tests.Time.Ticks;

namespace CodexSales.Rx.Tests.Caching;

/// <summary>When a slow subscriber hears of the queue, and of what.</summary>
public sealed class ConflationTimingTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Changes_within_an_interval_come_as_one_set_at_its_end_and_a_single_one_comes_at_once()
    {
        using var cache = new SortedObservableCache<string, string, QueueCause>(
            item => item[..1], StringComparer.Ordinal, error => throw error);
        Add(11, "a1");
        Add(17.2, "b1");
        Add(17.4, "c1");
        Add(17.6, "b2");
        Add(30, "d1");

        var seen = _scheduler.Start(
            () => cache.Connect().Conflate(_scheduler, TimeSpan.FromSeconds(5))
                .Select(set => string.Join(' ', set.Select(change => change.Item))),
            0,
            Seconds(5),
            Seconds(60));

        // Each hand-over is one action of the scheduler, and so is the end of an interval that it waited for.
        ReactiveAssert.AreElementsEqual(
            [
                OnNext(Seconds(5) + 1, ""),
                OnNext(Seconds(11) + 1, "a1"),
                OnNext(Seconds(17.2) + 1, "b1"),
                OnNext(Seconds(22.2) + 2, "b2 c1"),
                OnNext(Seconds(30) + 1, "d1"),
            ],
            seen.Messages);

        void Add(double second, string item) => _scheduler.ScheduleAbsolute(Seconds(second), () => cache.AddOrUpdate(item, QueueCause.Requested));
    }
}
