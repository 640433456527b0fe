using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>What clients may ask for, and providers may do, that is out of the ordinary.</summary>
public sealed class SlotQueueTests
{
    private const ulong MoreSlotsThanCanBeCounted = (1UL << 63) - 1;

    [Theory]
    [InlineData(MoreSlotsThanCanBeCounted)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1_000_000UL)]
    [InlineData(65_537UL)]
    public void A_request_of_very_many_slots_fills_the_queue_and_no_more(ulong slots)
    {
        using var world = Open(capacity: 128);

        world.Happen(Request(world, 1, slots));

        Assert.Equal(128, world.Queued.Count);
        Assert.Equal(128, world.Queued.Select(slot => slot.SlotIndex).Distinct().Count());
        Assert.All(world.Queued, slot => Assert.True(slot.SlotIndex < slots));
    }

    [Theory]
    [InlineData(1UL << 36)]
    [InlineData(1UL << 40)]
    [InlineData(MoreSlotsThanCanBeCounted)]
    public void A_fill_in_a_request_of_very_many_slots_can_be_taken_back_wherever_it_was(ulong slots)
    {
        using var world = Open(capacity: 128);
        world.Happen(Request(world, 1, slots));
        for (ulong part = 0; part < 20; part++)
        {
            var fill = new SlotFilled(world.Block, new SlotKey(IdOf(1), part * (slots / 20)));
            world.Happen(fill);
            world.Happen(new Reverted(world.Block, fill));
        }

        Assert.Equal(128, world.Queued.Count);
    }

    [Theory]
    [InlineData(1UL << 40)]
    [InlineData(MoreSlotsThanCanBeCounted)]
    public void A_sale_of_a_far_slot_that_began_before_the_order_was_drawn_can_come_to_nothing(ulong slots)
    {
        using var world = Open(capacity: 128);
        var far = new OpenSlot(TermsOf(Request(world, 1, slots)), slots - 7, default);
        world.Activate(far.Slot);
        world.Happen(Request(world, 1, slots));

        world.Return(far, again: true);
        world.NextBlock(1_000);

        Assert.Empty(world.Queued);
    }

    [Fact]
    public void All_slots_of_a_request_come_in_the_end_one_as_each_is_taken()
    {
        const ulong slots = 65_537;
        using var world = Open(capacity: 16);
        world.Happen(Request(world, 1, slots));
        var taken = new HashSet<ulong>();

        while (world.Take() is { } slot)
        {
            Assert.True(taken.Add(slot.SlotIndex));
        }

        Assert.Equal((int)slots, taken.Count);
    }

    [Fact]
    public void Of_two_requests_that_are_equal_in_everything_the_first_one_goes_first()
    {
        using var world = Open(capacity: 3);
        world.Happen(Request(world, 1, slots: 2));
        world.Happen(Request(world, 2, slots: 2));

        Assert.Equal([1, 1, 2], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_queue_of_one_slot_holds_the_best_one()
    {
        using var world = Open(capacity: 1);
        foreach (var price in new ulong[] { 3, 9, 5, 7 })
        {
            world.Happen(Request(world, (int)price, slots: 3, price));
        }

        var taken = Enumerable.Range(0, 12).Select(_ => NumberOf(world.Take()!.Terms.RequestId));
        Assert.Equal([9, 9, 9, 7, 7, 7, 5, 5, 5, 3, 3, 3], taken);
        Assert.Null(world.Take());
    }

    [Fact]
    public void A_million_open_slots_are_in_order()
    {
        using var world = new QueueWorld(capacity: 1_000_000, maxRequests: 1_000_000);
        world.Unsubscribe(0); // A list that a million slots are inserted into is slower than the queue by far.
        world.Ledger.Save(Everything());
        for (var number = 1; number <= 100_000; number++)
        {
            world.Happen(Request(world, number, slots: 10, price: (ulong)(number * 7919L % 1000) + 1));
        }

        var queued = world.Queued;
        Assert.Equal(1_000_000, queued.Count);
        Assert.All(queued.Zip(queued.Skip(1)), pair =>
            Assert.True(SlotOrder.Standard.Compare(pair.First, pair.Second) < 0));
    }

    [Fact]
    public void An_availability_that_flaps_leaves_everything_as_it_was()
    {
        using var world = Open(capacity: 64);
        for (var number = 1; number <= 20; number++)
        {
            world.Happen(Request(world, number, slots: 5, price: (ulong)number));
        }

        var before = world.Queued;
        for (var time = 0; time < 10_000; time++)
        {
            world.Ledger.Save(Everything() with { IsDisabled = true });
            Assert.Empty(world.Queued);
            world.Ledger.Save(Everything());
        }

        Assert.Equal(before, world.Queued);
        Assert.Equal(before, world.Replayed[0]);
    }

    [Fact]
    public void A_full_queue_gives_up_its_worst_slot_and_takes_it_back_when_there_is_room()
    {
        using var world = Open(capacity: 2);
        world.Happen(Request(world, 1, slots: 1, price: 1));
        world.Happen(Request(world, 2, slots: 1, price: 2));
        world.Happen(Request(world, 3, slots: 1, price: 3));
        Assert.Equal([3, 2], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));

        world.Happen(new RequestCancelled(world.Block, IdOf(3)));

        Assert.Equal([2, 1], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_hosts_order_that_throws_changes_nothing_and_is_told_to_whoever_runs_the_stages()
    {
        const ulong Unpayable = 7;
        var order = Comparer<SlotTerms>.Create((x, y) =>
            x.Reward == 10_000 * Unpayable || y.Reward == 10_000 * Unpayable
                ? throw new FormatException()
                : y.Reward.CompareTo(x.Reward));
        using var world = new QueueWorld(capacity: 4, priority: order);
        world.Ledger.Save(Everything());
        world.Happen(Request(world, 1, slots: 3, price: 1));
        var before = world.Queued;

        Assert.Throws<FormatException>(() => world.Happen(Request(world, 2, slots: 3, price: Unpayable)));

        Assert.Equal(before, world.Queued);
        Assert.Equal(before, world.Replayed[0]);
    }

    [Fact]
    public void A_hosts_order_that_is_none_never_makes_two_of_a_slot_or_loses_one_unnoticed()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var anything = Comparer<SlotTerms>.Create((_, _) => random.Next(3) - 1);
            using var world = new QueueWorld(capacity: 5, priority: anything);
            world.Ledger.Save(Everything());
            var before = world.Queued;
            try
            {
                for (var number = 1; number <= 40; number++)
                {
                    before = world.Queued;
                    world.Happen(Request(world, number, slots: 2));
                    before = world.Queued;
                    world.Take();
                }
            }
            catch (InconsistentOrderException)
            {
                Assert.Equal(before, world.Queued);
            }

            Assert.Equal(world.Queued, world.Replayed[0]);
            Assert.Equal(world.Queued.Count, world.Queued.Select(slot => slot.Slot).Distinct().Count());
        }
    }

    [Fact]
    public void Every_view_shows_the_same_queue()
    {
        using var world = Open(capacity: 4);
        var queue = world.Queue;
        List<OpenSlot> all = [], top = [], dear = [], slow = [];
        List<int> counts = [];
        var watched = default(WatchedItem<OpenSlot, QueueCause>);
        using var subscriptions = new CompositeDisposable(
            queue.Connect().BindTo(all),
            queue.Top(2).BindTo(top),
            queue.Connect(slot => slot.Terms.Ask.PricePerBytePerSecond > 2).BindTo(dear),
            queue.Connect().Conflate(world.Time, TimeSpan.FromSeconds(1)).BindTo(slow),
            queue.Watch(new SlotKey(IdOf(3), 0)).Subscribe(state => watched = state),
            queue.CountChanged.Subscribe(counts.Add));

        for (var number = 1; number <= 5; number++)
        {
            world.Happen(Request(world, number, slots: 1, price: (ulong)number));
        }

        world.Take();
        world.Time.AdvanceBy(TimeSpan.FromSeconds(1));

        Assert.Equal([4, 3, 2, 1], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
        Assert.Equal(world.Queued, all);
        Assert.Equal(world.Queued, slow);
        Assert.Equal(world.Queued.Take(2), top);
        Assert.Equal(world.Queued.Take(2), dear);
        Assert.Equal(world.Queued.Skip(1).Take(2), queue.Page(1, 2).Items);
        Assert.Equal(world.Queued[1], watched.Item);
        Assert.Equal([0, 1, 2, 3, 4], counts);
    }

    [Fact]
    public void Requests_beyond_the_limit_are_refused_with_that_reason()
    {
        using var world = new QueueWorld(capacity: 10, maxRequests: 2);
        world.Ledger.Save(Everything());
        for (var number = 1; number <= 3; number++)
        {
            world.Happen(Request(world, number, slots: 1));
        }

        var refusal = Assert.Single(world.Refusals);
        Assert.Equal((IdOf(3), RefusalReason.TooManyRequests), (refusal.RequestId, refusal.Reason));
        Assert.Equal(2, world.Queued.Count);
    }

    [Fact]
    public void A_request_too_many_of_whose_slots_change_hands_is_dropped_with_that_reason()
    {
        using var world = new QueueWorld(capacity: 10, maxChangedSlots: 3);
        world.Ledger.Save(Everything());
        world.Happen(Request(world, 1, slots: 100));
        for (ulong index = 0; index < 4; index++)
        {
            world.Happen(new SlotFilled(world.Block, new SlotKey(IdOf(1), index)));
        }

        Assert.Equal(RefusalReason.TooManySlots, Assert.Single(world.Refusals).Reason);
        Assert.Empty(world.Queued);
        Assert.Equal(0, world.RequestCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void A_capacity_outside_of_its_range_is_refused(int capacity)
    {
        using var world = Open(capacity: 1);

        Assert.Equal(
            "capacity", Assert.Throws<ArgumentOutOfRangeException>(() => world.Queue.SetCapacity(capacity)).ParamName);
    }

    [Fact]
    public void Hostile_asks_are_refused_each_with_its_reason()
    {
        using var world = Open(capacity: 10);
        var plain = Request(world, 1, slots: 1).Ask;

        Ask(2, plain with { SlotSizeBytes = 0 });
        Ask(3, plain with { DurationSeconds = 0 });
        Ask(4, plain with { PricePerBytePerSecond = UInt256.MaxValue });
        Ask(5, plain with { CollateralPerByte = UInt256.MaxValue, SlotSizeBytes = 2 });
        Ask(6, plain with { Slots = 0 });

        Assert.Equal(
            [
                RefusalReason.PaysNothing,
                RefusalReason.PaysNothing,
                RefusalReason.RewardOverflows,
                RefusalReason.CollateralOverflows,
                RefusalReason.NoSlots,
            ],
            world.Refusals.Select(refusal => refusal.Reason));
        Assert.Empty(world.Queued);

        void Ask(int number, StorageAsk ask) => world.Happen(
            new StorageRequested(world.Block, IdOf(number), ask, world.Now.Plus(100)));
    }
}
