using System.Collections.ObjectModel;
using CodexSales.Rx.Caching;
using DynamicData;
using DynamicData.Binding;

namespace CodexSales.Rx.DynamicData.Tests;

/// <summary>DynamicData's own operators over the adapter, beside a list that is kept by hand.</summary>
public sealed class AdapterTests
{
    private enum Why
    {
        Snapshot,
        Came,
        Changed,
        Left,
    }

    /// <summary>The key is the letter; the number decides the order.</summary>
    private sealed record Item(char Key, int Rank)
    {
        public static readonly IComparer<Item> Order =
            Comparer<Item>.Create((left, right) => (left.Rank, left.Key).CompareTo((right.Rank, right.Key)));
    }

    [Fact]
    public void After_each_change_set_of_2_000_programs_every_operator_of_DynamicData_shows_what_the_cache_holds()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            RunProgram(seed);
        }
    }

    [Fact]
    public void Each_change_keeps_its_cause_its_reason_and_its_indexes()
    {
        using var cache = NewCache();
        cache.Add(new Item('a', 1), Why.Came);
        cache.Add(new Item('b', 2), Why.Came);
        var seen = new List<string>();
        using var subscription = cache.Connect().ToDynamicData().Subscribe(set => seen.Add(string.Join("; ", set.Zip(
            set.Causes, (change, cause) => $"{change.Reason} {change.PreviousIndex} -> {change.CurrentIndex} {change.Key} ({cause})"))));

        cache.Edit(edit =>
        {
            edit.AddOrUpdate(new Item('a', 3), Why.Changed);
            edit.AddOrUpdate(new Item('b', 1), Why.Changed);
            edit.Remove('a', Why.Left);
        });

        Assert.Equal(
            [
                "Add -1 -> 0 a (Snapshot); Add -1 -> 1 b (Snapshot)",
                "Update 0 -> 1 a (Changed); Update 0 -> 0 b (Changed); Remove -1 -> 1 a (Left)",
            ],
            seen);
    }

    [Fact]
    public void An_empty_list_begins_with_an_empty_set_and_its_end_is_the_end()
    {
        var cache = NewCache();
        var (sets, isCompleted) = (new List<int>(), false);
        using var subscription = cache.Connect().ToDynamicData().Subscribe(set => sets.Add(set.Count), () => isCompleted = true);

        cache.Dispose();

        Assert.Equal([0], sets);
        Assert.True(isCompleted);
    }

    [Fact]
    public void Two_subscribers_of_one_stream_do_not_share_what_they_count()
    {
        using var cache = NewCache();
        cache.Add(new Item('a', 1), Why.Came);
        var stream = cache.Connect().ToDynamicData();
        using var early = stream.AsObservableCache();
        cache.Add(new Item('b', 2), Why.Came);
        using var late = stream.AsObservableCache();

        cache.Remove('a', Why.Left);

        Assert.Equal(["b"], early.Keys.Select(key => $"{key}"));
        Assert.Equal(["b"], late.Keys.Select(key => $"{key}"));
    }

    [Fact]
    public void What_is_in_a_cache_of_the_host_is_for_sale_and_a_refusal_is_told()
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        using var pipeline = new SalesPipeline(
            chain.ConnectHost(Address.Parse("0x1111111111111111111111111111111111111111")),
            new SimulatedStorage(time), new SimulatedProver(time), new SalesPipelineOptions(), time);
        using var offers = new SourceCache<Availability, AvailabilityId>(offer => offer.Id);
        using var answers = time.Record(offers.Connect().OfferIn(pipeline.Availabilities));
        time.Run(() => pipeline.StartAsync());

        offers.AddOrUpdate(Offer("a", bytes: 5));
        offers.AddOrUpdate(Offer("b", bytes: 5));
        offers.AddOrUpdate(Offer("a", bytes: 7));
        offers.AddOrUpdate(Offer("c", bytes: 0));
        offers.Remove(new AvailabilityId("b"));
        time.RunUntil(() => answers.Values.Count == 5);

        Assert.Equal(["a 7"], pipeline.Availabilities.Snapshot.Select(each => $"{each.Availability.Id} {each.Availability.TotalBytes}"));
        Assert.Equal(
            ["a LedgerChanged", "b LedgerChanged", "a LedgerChanged", "c LedgerRefused", "b LedgerChanged"],
            answers.Values.Select(told => $"{told.Value.Availability.Id} {told.Value.Answer.GetType().Name}"));
    }

    private static void RunProgram(int seed)
    {
        var random = new Random(seed);
        using var cache = NewCache();
        for (var i = random.Next(5); i > 0; i--)
        {
            Step(cache, random);
        }

        var sorted = new List<Item>();
        var bound = new ObservableCollectionExtended<Item>();
        using var paging = new System.Reactive.Subjects.BehaviorSubject<IPageRequest>(new PageRequest(1, 3));
        using var window = new System.Reactive.Subjects.BehaviorSubject<IVirtualRequest>(new VirtualRequest(1, 4));
        var source = cache.Connect().ToDynamicData();
        using var own = source.Subscribe(set =>
            Assert.Equal(set.SortedItems.Select(item => item.Value), set.SortedItems.OrderBy(item => item, set.SortedItems.Comparer).Select(item => item.Value)));
        using var inOrder = source.SortAndBind(sorted, Item.Order).Subscribe();
        using var inTurn = source.Bind(bound).Subscribe();
        using var even = source.Filter(item => item.Rank % 2 == 0).AsObservableCache();
        using var texts = source.Transform(item => $"{item.Key}{item.Rank}").AsObservableCache();
        ReadOnlyCollection<Item> page = new([]), virtually = new([]);
        using var paged = source.SortAndPage(Item.Order, paging).QueryWhenChanged(Sorted).Subscribe(items => page = items);
        using var virtualised = source.SortAndVirtualize(Item.Order, window).QueryWhenChanged(Sorted).Subscribe(items => virtually = items);
        for (var step = 0; step < 12; step++)
        {
            Step(cache, random);
            var expected = cache.Snapshot.Items;
            var what = $"seed {seed}, step {step}";
            Assert.True(expected.SequenceEqual(sorted), what);
            Assert.True(expected.SequenceEqual(bound), what);
            Assert.True(expected.Where(item => item.Rank % 2 == 0).ToHashSet().SetEquals(even.Items), what);
            Assert.True(expected.Select(item => $"{item.Key}{item.Rank}").ToHashSet().SetEquals(texts.Items), what);
            Assert.True(expected.Take(3).SequenceEqual(page), what);
            Assert.True(expected.Skip(1).Take(4).SequenceEqual(virtually), what);
        }
    }

    private static ReadOnlyCollection<Item> Sorted(IQuery<Item, char> query) => new([.. query.Items.Order(Item.Order)]);

    private static void Step(SortedObservableCache<Item, char, Why> cache, Random random) => cache.Edit(edit =>
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var key = (char)('a' + random.Next(8));
            if (random.Next(3) == 0)
            {
                edit.Remove(key, Why.Left);
            }
            else
            {
                edit.AddOrUpdate(new Item(key, random.Next(10)), Why.Changed);
            }
        }
    });

    private static SortedObservableCache<Item, char, Why> NewCache() => new(item => item.Key, Item.Order, error => throw error);

    private static Availability Offer(string id, ulong bytes) => new()
    {
        Id = new AvailabilityId(id),
        TotalBytes = bytes,
        MaxDurationSeconds = 100,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1_000,
    };
}
