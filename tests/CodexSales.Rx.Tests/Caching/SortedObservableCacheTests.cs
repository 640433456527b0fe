namespace CodexSales.Rx.Tests.Caching;

public sealed class SortedObservableCacheTests
{
    [Fact]
    public void A_subscriber_of_an_empty_cache_gets_an_empty_snapshot()
    {
        var replay = new Replay();

        Caches.Empty().Connect().Subscribe(replay);

        var snapshot = Assert.Single(replay.Sets);
        Assert.True(snapshot.IsSnapshot);
        Assert.Empty(snapshot);
        Assert.Equal(0, snapshot.Version);
    }

    [Fact]
    public void An_edit_is_one_change_set_with_its_steps_in_order()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));
        var replay = new Replay();
        cache.Connect().Subscribe(replay);

        cache.Edit(editor =>
        {
            editor.Add(new(3, 30), Why.Put);
            editor.AddOrUpdate(new(3, 1), Why.Put);
            editor.TryTakeLast(Why.Evicted, out _);
        });

        Assert.Equal(
            ["Added -1 -> 2 (Put): 3@30", "Moved 2 -> 0 (Put): 3@1", "Removed 2 -> -1 (Evicted): 2@20"],
            replay.Sets[^1].Select(change => change.ToString()));
        Assert.Equal(3, replay.Sets[^1].Version);
    }

    [Fact]
    public void An_edit_that_does_nothing_publishes_nothing()
    {
        var item = new Item(1, 10);
        var cache = Caches.Of(item);
        var replay = new Replay();
        cache.Connect().Subscribe(replay);

        Assert.Null(cache.AddOrUpdate(item, Why.Put));
        Assert.False(cache.Remove(7, Why.Left));

        Assert.Single(replay.Sets);
        Assert.Equal(1, cache.Version);
    }

    [Fact]
    public void An_edit_that_throws_leaves_no_trace_and_the_next_one_is_published()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20), new(3, 30));
        var before = cache.Snapshot.Items;
        var replay = new Replay { IsWhole = true };
        cache.Connect().Subscribe(replay);

        Assert.Throws<FormatException>(() => cache.Edit(editor =>
        {
            editor.Remove(1, Why.Left);
            editor.AddOrUpdate(new(3, 1), Why.Put);
            editor.AddOrUpdate(new(2, 21), Why.Put);
            editor.Add(new(4, 15), Why.Put);
            throw new FormatException();
        }));

        Assert.Equal(before, cache.Snapshot.Items);
        Assert.Single(replay.Sets);
        Assert.False(cache.Contains(4));
        cache.Add(new(4, 15), Why.Put);
        Assert.Equal(cache.Snapshot.Items, replay.Items);
    }

    [Fact]
    public void Adding_a_key_twice_names_the_argument()
    {
        var cache = Caches.Of(new Item(1, 10));

        var refusal = Assert.Throws<ArgumentException>(() => cache.Add(new(1, 11), Why.Put));

        Assert.Equal("item", refusal.ParamName);
    }

    [Fact]
    public void Another_key_that_compares_as_equal_is_refused()
    {
        var cache = Caches.Of(new Item(1, ItemOrder.TiedRank));

        Assert.Throws<InconsistentOrderException>(() => cache.Add(new(2, ItemOrder.TiedRank), Why.Put));

        Assert.Equal([new Item(1, ItemOrder.TiedRank)], cache.Snapshot.Items);
        Assert.False(cache.Contains(2));
    }

    [Fact]
    public void An_item_that_the_comparer_does_not_find_again_is_not_removed()
    {
        var order = new Dictionary<int, int> { [1] = 1, [2] = 2 };
        var cache = new SortedObservableCache<Item, int, Why>(
            item => item.Key, Comparer<Item>.Create((x, y) => order[x.Key].CompareTo(order[y.Key])), _ => { });
        cache.Add(new(1, 0), Why.Put);
        cache.Add(new(2, 0), Why.Put);
        order[1] = 3;

        Assert.Throws<InconsistentOrderException>(() => cache.Remove(1, Why.Left));

        Assert.Equal(2, cache.Count);
        Assert.True(cache.Contains(1));
    }

    [Fact]
    public void A_comparer_that_throws_ends_the_edit_which_leaves_no_trace()
    {
        var isBroken = false;
        var cache = new SortedObservableCache<Item, int, Why>(
            item => item.Key,
            Comparer<Item>.Create((x, y) => isBroken && Math.Max(x.Key, y.Key) == 9
                ? throw new FormatException()
                : x.Rank.CompareTo(y.Rank)),
            _ => { });
        foreach (var key in Enumerable.Range(1, 500))
        {
            cache.Add(new(key, key), Why.Put);
        }

        var before = cache.Snapshot.Items;
        var replay = new Replay { IsWhole = true };
        cache.Connect().Subscribe(replay);
        isBroken = true;

        Assert.Throws<FormatException>(() => cache.Edit(editor =>
        {
            editor.TryTakeFirst(Why.Taken, out _);
            editor.Add(new(501, 700), Why.Put);
            editor.AddOrUpdate(new(9, 600), Why.Put);
        }));

        Assert.Equal(before, cache.Snapshot.Items);
        Assert.Single(replay.Sets);
        isBroken = false;
        cache.Remove(9, Why.Left);
        Assert.Equal(cache.Snapshot.Items, replay.Items);
    }

    [Fact]
    public void Inside_an_edit_only_its_editor_can_be_used_and_outside_it_cannot()
    {
        var cache = Caches.Of(new Item(1, 10));
        CacheEditor<Item, int, Why>? kept = null;

        cache.Edit(editor =>
        {
            kept = editor;
            Assert.Throws<InvalidOperationException>(() => cache.Add(new(2, 20), Why.Put));
            Assert.Throws<InvalidOperationException>(() => cache.Snapshot);
            Assert.Throws<InvalidOperationException>(() => cache.TryGet(1, out _));
            Assert.Throws<InvalidOperationException>(() => cache.Connect().Subscribe(new Replay()));
            Assert.Throws<InvalidOperationException>(cache.Dispose);
        });

        Assert.Throws<InvalidOperationException>(() => kept!.Count);
    }

    [Fact]
    public void Enumerating_while_changing_is_an_error_of_the_edit()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));

        Assert.Throws<InvalidOperationException>(() => cache.Edit(editor =>
        {
            foreach (var item in editor)
            {
                editor.Remove(item.Key, Why.Left);
            }
        }));

        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void An_editor_shows_what_the_edit_has_done_so_far()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20));

        cache.Edit(editor =>
        {
            editor.Add(new(3, 15), Why.Put);
            Assert.Equal([1, 3, 2], editor.Select(item => item.Key));
            Assert.Equal((1, 2, 3), (editor.First?.Key, editor.Last?.Key, editor.Count));
            Assert.Equal((1, 3), (editor.PositionOf(3), editor[1].Key));
            Assert.True(editor.TryGet(3, out _) && editor.Contains(3) && editor.TryRemove(3, Why.Left, out _));
        });

        Assert.Equal(2, cache.Count);
    }

    [Theory]
    [InlineData(0, 2, "1, 2")]
    [InlineData(1, 9, "2, 3")]
    [InlineData(3, 1, "")]
    [InlineData(9, 1, "")]
    [InlineData(0, 0, "")]
    public void A_page_ends_where_the_cache_does(int offset, int count, string keys)
    {
        var page = Caches.Of(new(1, 10), new(2, 20), new(3, 30)).Page(offset, count);

        Assert.Equal(keys, string.Join(", ", page.Items.Select(item => item.Key)));
        Assert.Equal((3L, 3, offset), (page.Version, page.TotalCount, page.Offset));
    }

    [Fact]
    public void A_page_has_no_negative_bounds()
    {
        var cache = Caches.Empty();

        Assert.Throws<ArgumentOutOfRangeException>("offset", () => cache.Page(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => cache.Page(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => cache.Top(0));
    }

    [Fact]
    public void The_first_and_the_last_can_be_looked_at()
    {
        var cache = Caches.Of(new(1, 10), new(2, 20), new(3, 30));

        Assert.True(cache.TryPeekFirst(out var first) && first.Key == 1);
        Assert.True(cache.TryPeekLast(out var last) && last.Key == 3);
        Assert.False(Caches.Empty().TryPeekFirst(out _) || Caches.Empty().TryPeekLast(out _));
    }
}
