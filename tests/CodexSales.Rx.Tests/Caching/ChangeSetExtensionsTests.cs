using System.Collections.ObjectModel;
using System.Collections.Specialized;

namespace CodexSales.Rx.Tests.Caching;

public sealed class ChangeSetExtensionsTests
{
    private readonly HistoricalScheduler _slow = new();

    [Fact]
    public void An_item_that_shifts_out_of_the_top_is_removed_and_shifts_in_again_as_added()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));
        var replay = new Replay();
        cache.Top(2).Subscribe(replay);

        cache.Add(new(3, 1), Why.Put);
        cache.Remove(3, Why.Left);

        Assert.Equal(["Removed 1 -> -1 (Put): 2@20", "Added -1 -> 0 (Put): 3@1"], Text(replay.Sets[1]));
        Assert.Equal(["Removed 0 -> -1 (Left): 3@1", "Added -1 -> 1 (Left): 2@20"], Text(replay.Sets[2]));
    }

    [Fact]
    public void A_change_behind_the_top_is_left_out()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));
        var replay = new Replay();
        cache.Top(1).Subscribe(replay);

        cache.Remove(2, Why.Left);

        Assert.Single(replay.Sets);
    }

    [Fact]
    public void An_update_that_begins_to_match_is_added_to_the_filtered_view()
    {
        var cache = Caches.Of(new(1, 10), new(2, 21));
        var replay = new Replay();
        cache.Connect(item => item.Rank % 2 == 0).Subscribe(replay);

        cache.AddOrUpdate(new(2, 22), Why.Put);
        cache.AddOrUpdate(new(1, 11), Why.Put);
        cache.AddOrUpdate(new(1, 13), Why.Put);

        Assert.Equal(
            ["Added -1 -> 1 (Put): 2@22", "Removed 0 -> -1 (Put): 1@10"],
            replay.Sets.Skip(1).SelectMany(Text));
    }

    [Fact]
    public void A_slow_subscriber_gets_one_set_of_what_the_changes_came_to()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20), new(3, 30));
        var replay = new Replay();
        cache.Connect().Conflate(_slow, TimeSpan.FromSeconds(1)).Subscribe(replay);
        _slow.AdvanceBy(TimeSpan.FromSeconds(1));

        cache.Add(new(4, 40), Why.Put);
        _slow.AdvanceBy(TimeSpan.FromTicks(1));
        for (var rank = 0; rank < 5; rank++)
        {
            cache.AddOrUpdate(new(2, rank), Why.Put);
        }

        cache.Add(new(5, 50), Why.Put);
        cache.Remove(5, Why.Left);
        cache.Remove(1, Why.Left);
        Assert.Equal(2, replay.Sets.Count);
        _slow.AdvanceBy(TimeSpan.FromSeconds(1));

        Assert.Equal(["Removed 0 -> -1 (Left): 1@10", "Updated 0 -> 0 (Put): 2@4"], Text(replay.Sets[2]));
        Assert.Equal(cache.Version, replay.Sets[2].Version);
    }

    [Fact]
    public void Items_that_changed_places_meanwhile_come_out_right()
    {
        var cache = new SortedObservableCache<Item, int, Why>(
            item => item.Key, Comparer<Item>.Create((x, y) => x.Rank.CompareTo(y.Rank)), _ => { });
        cache.Add(new(1, 10), Why.Put);
        cache.Add(new(2, 20), Why.Put);
        var replay = new Replay();
        cache.Connect().Conflate(_slow).Subscribe(replay);
        _slow.AdvanceBy(TimeSpan.FromTicks(1));

        cache.AddOrUpdate(new(1, 30), Why.Put);
        cache.AddOrUpdate(new(2, 10), Why.Put);
        cache.AddOrUpdate(new(1, 20), Why.Put);
        _slow.AdvanceBy(TimeSpan.FromTicks(1));

        Assert.Equal(cache.Snapshot.Items, replay.Items);
        Assert.Equal(2, replay.Sets.Count);
    }

    [Fact]
    public void A_slow_subscriber_gets_what_waits_before_the_end()
    {
        var cache = Caches.Empty();
        var replay = new Replay();
        cache.Connect().Conflate(_slow, TimeSpan.FromHours(1)).Subscribe(replay);
        _slow.AdvanceBy(TimeSpan.FromTicks(1));

        cache.Add(new(1, 10), Why.Put);
        cache.Dispose();
        _slow.AdvanceBy(TimeSpan.FromTicks(1));

        Assert.True(replay.IsCompleted);
        Assert.Single(replay.Items);
    }

    [Fact]
    public void A_slow_subscriber_that_left_gets_nothing_more()
    {
        var cache = Caches.Empty();
        var replay = new Replay();
        var subscription = cache.Connect().Conflate(_slow).Subscribe(replay);
        cache.Add(new(1, 10), Why.Put);

        subscription.Dispose();
        _slow.AdvanceBy(TimeSpan.FromHours(1));

        Assert.Empty(replay.Sets);
    }

    [Fact]
    public void A_bound_list_is_changed_by_position_up_to_the_limit_and_refilled_above_it()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));
        var shown = new ObservableCollection<Item> { new(9, 9) };
        using var binding = cache.Connect().BindTo(shown, resetThreshold: 2);
        var actions = new List<NotifyCollectionChangedAction>();
        shown.CollectionChanged += (_, change) => actions.Add(change.Action);

        cache.Edit(editor => editor.Add(new(3, 15), Why.Put));
        Assert.Equal([NotifyCollectionChangedAction.Add], actions);
        cache.Edit(editor =>
        {
            editor.Remove(1, Why.Left);
            editor.Remove(2, Why.Left);
            editor.AddOrUpdate(new(3, 5), Why.Put);
        });

        Assert.Contains(NotifyCollectionChangedAction.Reset, actions);
        Assert.Equal(cache.Snapshot.Items, shown);
    }

    [Theory]
    [InlineData(25, "2 1 3", "Replace Move")]
    [InlineData(20, "1 2 3", "Replace")]
    public void An_item_that_changes_stays_the_same_entry_of_a_bound_list_that_tells_what_happens(
        int rank, string keys, string told)
    {
        var cache = Caches.Of(new(1, 10), new(2, 22), new(3, 30));
        var shown = new ObservableCollection<Item>();
        using var binding = cache.Connect().BindTo(shown);
        var actions = new List<NotifyCollectionChangedAction>();
        shown.CollectionChanged += (_, change) => actions.Add(change.Action);

        cache.AddOrUpdate(new(1, rank), Why.Put);

        Assert.Equal(keys, string.Join(' ', shown.Select(item => item.Key)));
        Assert.Equal(cache.Snapshot.Items, shown);
        Assert.Equal(told, string.Join(' ', actions));
    }

    private static IEnumerable<string> Text(ChangeSet<Item, int, Why> changes) =>
        changes.Select(change => change.ToString());

    [Fact]
    public void Negative_limits_are_refused_by_name()
    {
        var changes = Caches.Empty().Connect();

        Assert.Throws<ArgumentOutOfRangeException>("count", () => changes.Top(0));
        Assert.Throws<ArgumentOutOfRangeException>("interval", () => changes.Conflate(_slow, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>("resetThreshold", () => changes.BindTo([], -1));
    }
}
