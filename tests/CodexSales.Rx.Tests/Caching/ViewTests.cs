using System.Collections.ObjectModel;

namespace CodexSales.Rx.Tests.Caching;

/// <summary>Rows, predicates that change, and lists that are bound: what goes on, and what goes wrong.</summary>
public sealed class ViewTests
{
    private readonly List<Exception> _reported = [];
    private readonly Replay _replay = new() { MayRepeatVersions = true };
    private readonly SortedObservableCache<Item, int, Why> _cache;

    public ViewTests() => _cache = Caches.Empty(_reported.Add);

    [Fact]
    public void A_row_has_the_key_the_cause_and_the_positions_of_its_item_and_is_made_anew_when_that_is_updated()
    {
        var rows = new List<Change<string, int, Why>>();
        _cache.Connect().Transform(item => $"row {item}").Subscribe(set => rows.AddRange(set));

        _cache.Add(new(1, 10), Why.Put);
        _cache.Add(new(2, 20), Why.Put);
        _cache.AddOrUpdate(new(2, 1), Why.Put);
        _cache.Remove(2, Why.Left);

        Assert.Equal(
            [
                "Added -1 -> 0 (Put): row 1@10", "Added -1 -> 1 (Put): row 2@20", "Moved 1 -> 0 (Put): row 2@1",
                "Removed 0 -> -1 (Left): row 2@1",
            ],
            rows.Select(row => row.ToString()));
        Assert.Equal([1, 2, 2, 2], rows.Select(row => row.Key));
        Assert.Same(rows[1].After, rows[2].Before);
    }

    [Fact]
    public void The_same_row_for_two_items_is_an_error_of_the_subscription()
    {
        Exception? error = null;
        _cache.Connect().Transform(_ => "row").Subscribe(_ => { }, thrown => error = thrown);

        _cache.Add(new(1, 10), Why.Put);
        _cache.Add(new(2, 20), Why.Put);

        Assert.Contains("same object", Assert.IsType<InvalidOperationException>(error).Message, StringComparison.Ordinal);
        Assert.Empty(_reported);
    }

    [Fact]
    public void Another_predicate_makes_one_set_of_what_leaves_and_what_comes()
    {
        Fill();
        using var predicates = new BehaviorSubject<Func<Item, bool>>(item => item.Key != 2);
        _cache.Connect(predicates).Subscribe(_replay);

        predicates.OnNext(item => item.Key != 3);
        predicates.OnNext(item => item.Key < 3);

        Assert.Equal(["1@10", "3@30"], _replay.Sets[0].Select(change => change.Item.ToString()));
        Assert.Equal(
            ["Added -1 -> 1 (Snapshot): 2@20", "Removed 2 -> -1 (Snapshot): 3@30"],
            _replay.Sets[1].Select(change => change.ToString()));
        Assert.Equal(2, _replay.Sets.Count);
        Assert.Equal(_cache.Version, _replay.Sets[1].Version);
    }

    [Fact]
    public void Before_the_first_predicate_there_is_no_snapshot_and_after_the_last_one_it_holds()
    {
        using var predicates = new Subject<Func<Item, bool>>();
        _cache.Connect(predicates).Subscribe(_replay);
        Fill();
        Assert.Empty(_replay.Sets);

        predicates.OnNext(item => item.Rank > 10);
        predicates.OnCompleted();
        _cache.Add(new(4, 40), Why.Put);

        Assert.Equal(["2@20", "3@30", "4@40"], _replay.Items.Select(item => item.ToString()));
        Assert.Equal([3L, 4L], _replay.Sets.Select(set => set.Version));
    }

    [Fact]
    public void The_end_of_a_view_unsubscribes_from_its_predicates()
    {
        using var predicates = new Subject<Func<Item, bool>>();
        var subscription = _cache.Connect(predicates).Subscribe(_replay);
        Assert.True(predicates.HasObservers);

        subscription.Dispose();
        Assert.False(predicates.HasObservers);

        _cache.Connect(predicates).Subscribe(_replay);
        _cache.Dispose();
        Assert.False(predicates.HasObservers);
        Assert.True(_replay.IsCompleted);
    }

    [Fact]
    public void What_a_later_predicate_throws_or_its_source_tells_ends_the_view_with_that_error()
    {
        Fill();
        var told = new Replay();
        using var predicates = new BehaviorSubject<Func<Item, bool>>(_ => true);
        using var failing = new BehaviorSubject<Func<Item, bool>>(_ => true);
        _cache.Connect(predicates).Subscribe(_replay);
        _cache.Connect(failing).Subscribe(told);

        predicates.OnNext(item => throw new FormatException());
        failing.OnError(new NotSupportedException());
        _cache.Add(new(4, 40), Why.Put);

        Assert.IsType<FormatException>(_replay.Error);
        Assert.IsType<NotSupportedException>(told.Error);
        Assert.False(predicates.HasObservers);
        Assert.Empty(_reported);
    }

    [Fact]
    public void A_view_whose_subscriber_throws_is_reported_and_leaves_its_predicates()
    {
        using var predicates = new BehaviorSubject<Func<Item, bool>>(_ => true);
        _cache.Connect(predicates).Subscribe(set => _ = set.IsSnapshot ? set : throw new FormatException());

        _cache.Add(new(1, 10), Why.Put);
        predicates.OnNext(_ => false);

        Assert.IsType<FormatException>(Assert.Single(_reported));
        Assert.False(predicates.HasObservers);
    }

    [Theory]
    [InlineData("the list")]
    [InlineData("an observer of the list")]
    [InlineData("somebody else")]
    [InlineData("the source")]
    public void What_ends_a_binding_is_told_once_and_then_the_list_stays_as_it_is(string who)
    {
        var (told, list) = (new List<Exception>(), new ThrowingList { Fails = who == "the list" });
        if (who == "an observer of the list")
        {
            list.CollectionChanged += (_, _) => _ = list.Count == 2 ? throw new FormatException() : 0;
        }

        _cache.Connect(item => who != "the source" || item.Key != 2 ? true : throw new FormatException())
            .BindTo(list, onError: told.Add);
        _cache.Add(new(1, 10), Why.Put);
        if (who == "somebody else")
        {
            list[0] = new Item(9, 9);
            _cache.AddOrUpdate(new(1, 11), Why.Put);
        }

        _cache.Add(new(2, 20), Why.Put);
        var left = list.ToArray();
        _cache.Add(new(3, 5), Why.Put);

        var error = Assert.Single(told);
        Assert.IsType(who == "somebody else" ? typeof(InvalidOperationException) : typeof(FormatException), error);
        Assert.Equal(left, list);
        Assert.Empty(_reported);
    }

    [Fact]
    public void A_list_that_somebody_else_adds_to_is_told()
    {
        var (told, list) = (new List<Exception>(), new List<Item>());
        _cache.Connect().BindTo(list, onError: told.Add);
        list.Add(new(9, 9));

        _cache.Add(new(1, 10), Why.Put);

        Assert.Contains("else has changed", Assert.Single(told).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_handler_a_list_that_throws_is_a_subscriber_that_failed()
    {
        var list = new ThrowingList { Fails = true };
        _cache.Connect().BindTo(list);

        _cache.Add(new(1, 10), Why.Put);
        _cache.Add(new(2, 20), Why.Put);
        _cache.Add(new(3, 30), Why.Put);

        Assert.IsType<FormatException>(Assert.Single(_reported));
        Assert.Single(list);
    }

    private void Fill()
    {
        for (var key = 1; key <= 3; key++)
        {
            _cache.Add(new(key, 10 * key), Why.Put);
        }
    }

    /// <summary>Takes one item, if it is to fail.</summary>
    private sealed class ThrowingList : ObservableCollection<Item>
    {
        public bool Fails { get; init; }

        protected override void InsertItem(int index, Item item)
        {
            if (Fails && Count == 1)
            {
                throw new FormatException();
            }

            base.InsertItem(index, item);
        }
    }
}
