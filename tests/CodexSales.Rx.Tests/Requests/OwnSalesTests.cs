using CodexSales.Rx.Tests.Queueing;
using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Requests;

/// <summary>What is remembered of slots that this host has tried to sell, or has lost.</summary>
public sealed class OwnSalesTests
{
    private static readonly SlotKey _slot = new(IdOf(1), 0);

    [Fact]
    public void A_slot_that_this_host_was_forced_out_of_is_not_offered_again_for_repair()
    {
        using var world = Open(capacity: 10);
        world.Happen(Request(world, 1, slots: 1));
        var sold = world.Take()!;
        Start(world);
        world.Happen(new SlotFreed(world.Block, _slot));

        world.Return(sold, again: false, isDeferred: false, isLost: true);
        Assert.Empty(world.Queued);

        world.Happen(new SlotFilled(world.Block, _slot));
        world.Happen(new SlotFreed(world.Block, _slot));
        Assert.Empty(world.Queued);
        Assert.Equal(UInt128.Zero, world.OpenSlotCount);
    }

    [Fact]
    public void A_slot_that_is_shunned_while_it_is_offered_leaves_the_queue_and_others_of_its_request_stay()
    {
        using var world = Open(capacity: 10);
        world.Happen(Request(world, 1, slots: 2));

        world.Shun(_slot, world.Now.Plus(1_000));

        Assert.Equal([1UL], world.Queued.Select(slot => slot.SlotIndex));
        Assert.Equal(UInt128.One, world.OpenSlotCount);
    }

    [Fact]
    public void A_slot_that_was_lost_before_a_restart_is_not_offered_when_its_request_is_told_again()
    {
        using var world = Open(capacity: 10);
        world.Shun(_slot, world.Now.Plus(1_000));

        var request = Request(world, 1, slots: 2);
        world.Happen(request);
        Assert.Equal([1UL], world.Queued.Select(slot => slot.SlotIndex));

        // Also when it comes in another block.
        world.Happen(new Reverted(world.Block, request));
        world.Happen(request);
        Assert.Equal([1UL], world.Queued.Select(slot => slot.SlotIndex));
    }

    // After a restart the sale goes on before the past is told.
    [Fact]
    public void A_reservation_of_ours_counts_also_if_it_is_known_before_the_request_is()
    {
        using var world = Open(capacity: 10);
        world.Activate(_slot);
        world.NoteReserved(_slot);
        world.Happen(Request(world, 1, slots: 1));
        world.Happen(new SlotReservationsFull(world.Block, _slot));
        var sold = new OpenSlot(world.TermsOf(IdOf(1)), 0, default);

        world.Return(sold, again: true, isDeferred: false);

        Assert.Equal([0UL], world.Queued.Select(slot => slot.SlotIndex));
    }

    [Fact]
    public void Each_try_in_a_row_that_comes_to_nothing_makes_the_next_pause_twice_as_long_up_to_an_hour()
    {
        using var world = Open(capacity: 10);
        world.Happen(Request(world, 1, slots: 2));

        Assert.Equal([5, 10, 20, 40, 60, 60], Enumerable.Range(0, 6).Select(_ => Pause(world)));
        Assert.Equal(TimeSpan.FromMinutes(5), world.PauseBeforeNextTry(new SlotKey(IdOf(1), 1)));
    }

    [Fact]
    public void A_try_after_a_pause_goes_on_counting_and_a_sale_that_ends_otherwise_begins_anew()
    {
        using var world = Open(capacity: 10);
        world.Happen(Request(world, 1, slots: 1));

        Assert.Equal(5, Pause(world));
        world.Return(world.Take()!, again: true, isDeferred: false);
        Assert.Equal(10, Pause(world));
        world.Return(world.Take()!, again: false);
        Assert.Equal(5, Pause(world));
    }

    [Fact]
    public void A_slot_that_was_filled_or_freed_is_another_one_to_try()
    {
        using var world = Open(capacity: 10);
        world.Happen(Request(world, 1, slots: 1));
        Pause(world);

        Start(world);
        Assert.Equal(5, Pause(world));

        world.Happen(new SlotFreed(world.Block, _slot));
        Assert.Equal(5, Pause(world));
    }

    [Fact]
    public void A_slot_of_a_request_that_is_not_known_waits_as_long_as_the_first_time()
    {
        using var world = Open(capacity: 10);

        Assert.Equal((5, 5), (Pause(world), Pause(world)));
    }

    private static double Pause(QueueWorld world) => world.PauseBeforeNextTry(_slot).TotalMinutes;

    private static void Start(QueueWorld world)
    {
        world.Happen(new SlotFilled(world.Block, _slot));
        world.Happen(new RequestFulfilled(world.Block, _slot.RequestId));
    }
}
