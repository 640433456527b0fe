using CodexSales.Rx.Tests.Queueing;
using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Requests;

/// <summary>The node was gone for a while, and what happened meanwhile is told afterwards, in order.</summary>
public sealed class LateEventsTests
{
    private static readonly SlotKey _slot = new(IdOf(1), 0);

    [Theory]
    [InlineData(200)]
    [InlineData(701)]
    [InlineData(36_000)]
    public void A_slot_of_a_request_that_was_filled_in_time_is_offered_for_repair_however_late_that_is_told(ulong outage)
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));
        var (filledAt, freedAt) = (world.NextBlock(50), new BlockStamp(90, world.Now.Plus(500)));

        world.NextBlock(outage);
        Assert.Empty(world.Queued);
        world.Happen(new SlotFilled(filledAt, _slot));
        world.Happen(new RequestFulfilled(filledAt, _slot.RequestId));
        world.Happen(new SlotFreed(freedAt, _slot));

        Assert.True(Assert.Single(world.Queued).Terms.IsRepair);
        Assert.Empty(world.Refusals);
    }

    [Fact]
    public void A_request_that_expired_is_forgotten_once_a_block_is_told_that_says_that_it_was_not_filled()
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));
        var soonAfter = world.NextBlock(102);
        var longAfter = world.NextBlock(100_000);
        Assert.Equal(1, world.RequestCount);

        world.Happen(new ProofSubmitted(soonAfter, default));
        Assert.Equal(1, world.RequestCount);
        world.Happen(new ProofSubmitted(longAfter, default));
        Assert.Equal(0, world.RequestCount);
    }

    [Fact]
    public void A_request_that_expired_is_forgotten_after_its_end_whatever_is_told()
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));

        var late = world.NextBlock(1_000_700);
        world.Happen(new SlotFilled(QueueWorld.Stamp, _slot));

        Assert.True(late.Time > QueueWorld.Start);
        Assert.Equal(0, world.RequestCount);
    }

    [Fact]
    public void What_a_reorganisation_takes_back_of_a_slot_that_was_repaired_leaves_the_repair_open()
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));
        world.Happen(new SlotFilled(world.Block, _slot));
        world.Happen(new RequestFulfilled(world.Block, _slot.RequestId));
        world.Happen(new SlotFreed(world.Block, _slot));
        var filled = new SlotFilled(world.Block, _slot);
        var freed = new SlotFreed(world.Block, _slot);
        world.Happen(filled);
        Assert.Empty(world.Queued);
        world.Happen(freed);
        Assert.Single(world.Queued);

        world.Happen(new Reverted(world.Block, freed));
        Assert.Empty(world.Queued);
        world.Happen(new Reverted(world.Block, filled));

        Assert.True(Assert.Single(world.Queued).Terms.IsRepair);
    }

    [Fact]
    public void A_second_fill_without_the_slot_having_been_freed_is_taken_back_without_the_first_one()
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));
        var first = new SlotFilled(world.Block, _slot);
        world.Happen(first);
        var second = new SlotFilled(world.NextBlock(12), _slot);
        world.Happen(second);

        world.Happen(new Reverted(world.Block, second));
        Assert.Empty(world.Queued);
        world.Happen(new Reverted(world.Block, first));

        Assert.Single(world.Queued);
    }

    [Fact]
    public void A_second_freeing_without_the_slot_having_been_filled_is_taken_back_without_the_first_one()
    {
        using var world = Open(capacity: 10);
        world.Happen(LongRequest(world, 1));
        world.Happen(new SlotFilled(world.Block, _slot));
        world.Happen(new SlotFreed(world.Block, _slot));
        var again = new SlotFreed(world.NextBlock(12), _slot);
        world.Happen(again);

        world.Happen(new Reverted(world.Block, again));

        Assert.True(Assert.Single(world.Queued).Terms.IsRepair);
    }

    private static StorageRequested LongRequest(QueueWorld world, int number)
    {
        var request = Request(world, number, slots: 1);
        return request with { Ask = request.Ask with { DurationSeconds = 1_000_000 } };
    }
}
