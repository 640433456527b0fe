using System.Reflection;
using CodexSales.Rx.Tests.Queueing;

namespace CodexSales.Rx.Tests.Caching;

/// <summary>How the cache delivers to its subscribers.</summary>
public sealed class SubscriptionTests
{
    [Fact]
    public void A_subscriber_that_edits_causes_a_later_notification_and_all_see_the_same_order()
    {
        var cache = Caches.Empty();
        var (first, last) = (new Replay { IsWhole = true }, new Replay { IsWhole = true });
        cache.Connect().Subscribe(first);
        cache.CountChanged.Where(count => count is > 0 and < 4)
            .Subscribe(count => cache.Add(new(count, count), Why.Put));
        cache.Connect().Subscribe(last);

        cache.Add(new(0, 0), Why.Put);

        Assert.Equal([0, 1, 2, 3, 4], first.Sets.Select(set => set.Version));
        Assert.Equal(first.Sets.Skip(1), last.Sets.Skip(1));
        Assert.Equal(4, last.Items.Count);
    }

    [Fact]
    public void A_subscription_that_has_ended_is_forgotten_with_the_next_change()
    {
        var cache = Caches.Empty();
        using var other = cache.Connect().Subscribe(new Replay { IsWhole = true });
        cache.Connect().Subscribe(new Replay { IsWhole = true }).Dispose();

        cache.Add(new(1, 1), Why.Put);

        var delivery = cache.GetType().GetField("_delivery", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(cache)!;
        Assert.Equal("ChangeDelivery`3._begun still has 1", Leftovers.Find([delivery]));
    }

    [Fact]
    public void A_subscriber_that_throws_is_detached_and_reported_and_the_others_miss_nothing()
    {
        var reported = new List<Exception>();
        var cache = Caches.Empty(reported.Add);
        var (before, after, calls) = (new Replay { IsWhole = true }, new Replay { IsWhole = true }, 0);
        cache.Connect().Subscribe(before);
        cache.Connect().Subscribe(set =>
        {
            calls++;
            _ = set.IsSnapshot ? set : throw new FormatException();
        });
        cache.Connect().Subscribe(after);

        cache.Add(new(1, 1), Why.Put);
        cache.Add(new(2, 2), Why.Put);

        Assert.IsType<FormatException>(Assert.Single(reported));
        Assert.Equal(2, calls);
        Assert.Equal([0, 1, 2], before.Sets.Select(set => set.Version));
        Assert.Equal([0, 1, 2], after.Sets.Select(set => set.Version));
    }

    [Fact]
    public void A_subscriber_that_throws_at_the_snapshot_does_not_harm_its_cache()
    {
        var reported = new List<Exception>();
        var cache = Caches.Empty(reported.Add);

        cache.Connect().Subscribe(_ => throw new FormatException());
        cache.Add(new(1, 1), Why.Put);

        Assert.Single(reported);
    }

    [Fact]
    public void A_report_that_throws_reaches_the_one_who_committed_after_all_is_delivered()
    {
        var cache = Caches.Empty(failure => throw new InvalidOperationException("", failure));
        cache.Connect().Subscribe(set => _ = set.IsSnapshot ? set : throw new FormatException());
        var replay = new Replay { IsWhole = true };
        cache.Connect().Subscribe(replay);

        Assert.Throws<InvalidOperationException>(() => cache.Add(new(1, 1), Why.Put));
        cache.Add(new(2, 2), Why.Put);

        Assert.Equal(2, replay.Items.Count);
    }

    [Fact]
    public void What_a_predicate_throws_ends_that_subscription_only()
    {
        var cache = Caches.Empty();
        var (failing, replay) = (new Replay(), new Replay());
        cache.Connect(item => item.Rank == 2 ? throw new FormatException() : true).Subscribe(failing);
        cache.Connect().Subscribe(replay);

        cache.Add(new(1, 1), Why.Put);
        cache.Add(new(2, 2), Why.Put);
        cache.Add(new(3, 3), Why.Put);

        Assert.IsType<FormatException>(failing.Error);
        Assert.Equal(2, failing.Sets.Count);
        Assert.Equal(3, replay.Items.Count);
    }

    [Fact]
    public void Unsubscribing_inside_a_notification_works_at_once()
    {
        var cache = Caches.Empty();
        var replay = new Replay();
        IDisposable? subscription = null;
        cache.CountChanged.Where(count => count == 2).Subscribe(_ => subscription?.Dispose());
        subscription = cache.Connect().Subscribe(replay);

        cache.Add(new(1, 1), Why.Put);
        cache.Add(new(2, 2), Why.Put);
        cache.Add(new(3, 3), Why.Put);

        Assert.Equal([0, 1], replay.Sets.Select(set => set.Version));
    }

    [Fact]
    public void Dispose_completes_every_subscriber_once_and_later_ones_at_once()
    {
        var cache = Caches.Of(new Item(1, 1));
        var (early, late) = (new Replay(), new Replay());
        cache.Connect().Subscribe(early);

        cache.Dispose();
        cache.Dispose();
        cache.Connect().Subscribe(late);

        Assert.True(early.IsCompleted && late.IsCompleted);
        Assert.Empty(late.Sets);
        Assert.Throws<ObjectDisposedException>(() => cache.Add(new(2, 2), Why.Put));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Dispose_inside_a_notification_comes_after_the_commits_before_it()
    {
        var cache = Caches.Empty();
        cache.CountChanged.Where(count => count == 1).Subscribe(_ =>
        {
            cache.Add(new(2, 2), Why.Put);
            cache.Dispose();
        });
        var replay = new Replay { IsWhole = true };
        cache.Connect().Subscribe(replay);

        cache.Add(new(1, 1), Why.Put);

        Assert.True(replay.IsCompleted);
        Assert.Equal(2, replay.Items.Count);
    }

    [Fact]
    public void A_watched_key_tells_its_state_first_and_its_removal_last()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));
        var states = new List<WatchedItem<Item, Why>>();
        cache.Watch(2).Subscribe(states.Add);

        cache.AddOrUpdate(new(2, 1), Why.Put);
        cache.AddOrUpdate(new(1, 11), Why.Put);
        cache.Remove(2, Why.Left);

        Assert.Equal(
            [new(2, new(2, 20), 1, Why.Snapshot), new(3, new(2, 1), 0, Why.Put), new(5, null, -1, Why.Left)], states);
    }

    [Fact]
    public void A_key_that_is_not_there_can_be_watched()
    {
        var states = new List<WatchedItem<Item, Why>>();

        Caches.Of(new Item(1, 10)).Watch(9).Subscribe(states.Add);

        Assert.Equal([new(1, null, -1, Why.Snapshot)], states);
    }
}
