using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>The event table of <see cref="SlotQueue"/>, row by row: each is one change set, with its cause.</summary>
public sealed class SlotQueueEventsTests : IDisposable
{
    private readonly QueueWorld _world = Open(capacity: 2);
    private readonly List<string> _sets = [];
    private bool _isCompleted;

    public SlotQueueEventsTests() => _world.Queue.Connect().Subscribe(
        set => _sets.Add(string.Join("; ", set.Select(Describe))), () => _isCompleted = true);

    [Fact]
    public void A_request_adds_its_slots_and_each_evicts_the_worst_where_the_queue_is_full()
    {
        Request(1, slots: 2);
        Request(2, slots: 1, price: 2);

        Told(
            "",
            "Added -1 -> 0 Requested 1; Added -1 -> 1 Requested 1",
            "Added -1 -> 0 Requested 2; Removed 2 -> -1 Evicted 1");
    }

    [Fact]
    public void A_freed_slot_is_added_with_that_cause()
    {
        Request(1, slots: 1);
        _world.Happen(new SlotFilled(_world.Block, SlotOf(1)));

        _world.Happen(new SlotFreed(_world.Block, SlotOf(1)));

        Told("", "Added -1 -> 0 Requested 1", "Removed 0 -> -1 Filled 1", "Added -1 -> 0 Freed 1");
    }

    [Fact]
    public void A_slot_that_others_fill_or_reserve_makes_room_for_one_that_waits_outside()
    {
        RequestThree();

        _world.Happen(new SlotFilled(_world.Block, SlotOf(3)));
        Request(4, slots: 1, price: 4);
        _world.Happen(new SlotReservationsFull(_world.Block, SlotOf(4)));

        Told(
            "Removed 0 -> -1 Filled 3; Added -1 -> 1 RoomMade 1",
            "Added -1 -> 0 Requested 4; Removed 2 -> -1 Evicted 1",
            "Removed 0 -> -1 ReservationsFull 4; Added -1 -> 1 RoomMade 1");
    }

    [Theory]
    [InlineData(QueueCause.Fulfilled)]
    [InlineData(QueueCause.Cancelled)]
    [InlineData(QueueCause.Failed)]
    public void A_request_that_is_over_takes_all_its_slots_and_others_take_their_room(QueueCause cause)
    {
        Request(1, slots: 2);
        Request(3, slots: 2, price: 3);

        _world.Happen(cause switch
        {
            QueueCause.Fulfilled => new RequestFulfilled(_world.Block, IdOf(3)),
            QueueCause.Cancelled => new RequestCancelled(_world.Block, IdOf(3)),
            _ => new RequestFailed(_world.Block, IdOf(3)),
        });

        Told(
            $"Removed 0 -> -1 {cause} 3; Removed 0 -> -1 {cause} 3; "
            + "Added -1 -> 0 RoomMade 1; Added -1 -> 1 RoomMade 1");
    }

    [Fact]
    public void A_request_that_expires_leaves_by_time_alone()
    {
        Request(1, slots: 1);

        _world.Time.AdvanceBy(TimeSpan.FromSeconds(101));

        Told("Removed 0 -> -1 Expired 1");
    }

    [Fact]
    public void An_availability_that_narrows_lets_slots_go_and_one_that_widens_brings_them_in_one_set()
    {
        Request(1, slots: 1, price: 1);
        Request(2, slots: 1, price: 2);

        _world.Ledger.Save(Everything() with { MinPricePerBytePerSecond = 3 });
        _world.Ledger.Save(Everything());

        Told(
            "Removed 1 -> -1 AvailabilityChanged 1; Removed 0 -> -1 AvailabilityChanged 2",
            "Added -1 -> 0 AvailabilityChanged 2; Added -1 -> 1 AvailabilityChanged 1");
    }

    [Fact]
    public void A_slot_that_is_taken_makes_room_and_one_that_is_given_back_is_seen_until_an_availability_widens()
    {
        RequestThree();
        var best = _world.Take()!;
        _world.Take();
        _world.Return(best, again: true);
        _world.Ledger.Save(Everything() with { IsDisabled = false, MaxDurationSeconds = 2_000 });
        _world.Ledger.Save(Everything());

        Told(
            "Removed 0 -> -1 Taken 3; Added -1 -> 1 RoomMade 1",
            "Removed 0 -> -1 Taken 2",
            "Added -1 -> 1 Ignored 3 seen",
            "Moved 1 -> 0 AvailabilityChanged 3");
    }

    [Fact]
    public void A_reorganisation_takes_back_what_it_had_brought_and_brings_back_what_had_left()
    {
        Request(1, slots: 1);
        var filled = new SlotFilled(_world.Block, SlotOf(1));
        _world.Happen(filled);

        _world.Happen(new Reverted(_world.Block, filled));
        _world.Happen(new Reverted(_world.Block, Requests[0]));

        Told("Added -1 -> 0 Reverted 1", "Removed 0 -> -1 Reverted 1");
    }

    [Fact]
    public void A_start_that_is_taken_back_after_the_expiry_does_not_keep_other_requests_from_expiring()
    {
        Request(1, slots: 1);
        var started = new RequestFulfilled(_world.Block, IdOf(1));
        _world.Happen(started);
        _world.NextBlock(60);
        Request(2, slots: 1);
        _world.NextBlock(60);
        _world.Happen(new Reverted(_world.Block, started));
        Assert.Equal([2], _world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));

        _world.Time.AdvanceBy(TimeSpan.FromSeconds(60));

        Assert.Empty(_world.Queued);
        Told("Removed 0 -> -1 Expired 2");
    }

    [Fact]
    public void A_changed_capacity_evicts_from_the_end_or_lets_in_what_waits()
    {
        RequestThree();

        _world.Queue.SetCapacity(1);
        _world.Time.RunDue();
        _world.Queue.SetCapacity(3);
        _world.Time.RunDue();

        Told("Removed 1 -> -1 Evicted 2", "Added -1 -> 1 RoomMade 2; Added -1 -> 2 RoomMade 1");
    }

    [Fact]
    public void Nothing_is_told_of_what_changes_nothing()
    {
        RequestThree();
        var before = _sets.Count;

        _world.Happen(Requests[0]);
        Request(4, slots: 1, price: 0);
        _world.Happen(new SlotFilled(_world.Block, SlotOf(1)));

        Assert.Equal(before, _sets.Count);
    }

    [Fact]
    public void Dispose_completes_its_subscribers()
    {
        _world.Queue.Dispose();

        Assert.True(_isCompleted);
    }

    public void Dispose() => _world.Dispose();

    private List<StorageRequested> Requests { get; } = [];

    private static string Describe(Change<OpenSlot, SlotKey, QueueCause> change) =>
        $"{change.Kind} {change.PositionBefore} -> {change.PositionAfter} {change.Cause} "
        + $"{NumberOf(change.Item.Terms.RequestId)}{(change.Item.IsDeferred ? " seen" : "")}";

    private static SlotKey SlotOf(int request) => new(IdOf(request), 0);

    private void Request(int number, ulong slots, ulong price = 1)
    {
        Requests.Add(QueueSamples.Request(_world, number, slots, price));
        _world.Happen(Requests[^1]);
    }

    // One slot more than the queue holds, the best one last.
    private void RequestThree()
    {
        Request(1, slots: 1, price: 1);
        Request(2, slots: 1, price: 2);
        Request(3, slots: 1, price: 3);
    }

    private void Told(params string[] last) => Assert.Equal(last, _sets.TakeLast(last.Length));
}
