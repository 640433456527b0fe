using CodexSales.Rx.Tests.Queueing;
using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Requests;

/// <summary>What a slot pays and costs that lost its host.</summary>
public sealed class RepairTermsTests
{
    private static readonly SlotKey _slot = new(IdOf(1), 0);

    [Fact]
    public void A_slot_in_repair_pays_for_what_is_left_and_for_the_repair()
    {
        using var world = Open(capacity: 10);
        FreeAfter(world, seconds: 400);

        var terms = Assert.Single(world.Queued).Terms;

        Assert.Equal((90, 10), ((int)(ulong)terms.Collateral, (int)(ulong)terms.RepairReward));
        Assert.Equal((600UL, world.Now), (terms.DurationSeconds, terms.FreedAt));
        Assert.Equal((UInt256)((3 * 10 * 600) + 10), terms.Reward);
        Assert.Equal((UInt256)(3 * 10 * 100), terms.RewardFor(100));
        Assert.Equal((UInt256)((3 * 10 * 500) + 10), terms.RewardFrom(world.Now.Plus(100)));
    }

    [Fact]
    public void A_slot_that_was_never_filled_pays_nothing_for_a_repair()
    {
        using var world = Open(capacity: 10);
        world.Happen(Ask(world));

        var terms = Assert.Single(world.Queued).Terms;

        Assert.Equal((UInt256.Zero, 1_000UL, null), (terms.RepairReward, terms.DurationSeconds, terms.FreedAt));
        Assert.Equal((terms.Reward, (UInt256)(3 * 10 * 1_000)), (terms.RewardFrom(QueueWorld.Start), terms.Reward));
    }

    [Fact]
    public void A_slot_in_repair_stands_where_what_is_left_of_it_puts_it()
    {
        using var world = Open(capacity: 10);
        FreeAfter(world, seconds: 900);
        world.Happen(Request(world, 2, slots: 1, price: 1));

        Assert.Equal([2, 1], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_slot_in_repair_is_taken_by_an_availability_that_allows_what_is_left()
    {
        using var world = Open(capacity: 10);
        world.Ledger.Save(Everything() with { MaxDurationSeconds = 600 });
        FreeAfter(world, seconds: 399);
        Assert.Empty(world.Queued);

        world.Ledger.Save(Everything() with { MaxDurationSeconds = 601 });
        Assert.Single(world.Queued);
        world.Ledger.Save(Everything() with { MaxDurationSeconds = 600 });
        Assert.Empty(world.Queued);
    }

    [Fact]
    public void A_slot_in_repair_leaves_the_queue_when_its_request_ends_and_not_before()
    {
        using var world = Open(capacity: 10);
        FreeAfter(world, seconds: 400);

        world.NextBlock(600);
        Assert.Single(world.Queued);
        world.NextBlock(1);

        Assert.Empty(world.Queued);
    }

    [Fact]
    public void A_repair_that_would_pay_more_than_can_be_counted_is_offered_all_the_same()
    {
        using var world = Open(capacity: 10);
        var most = UInt256.MaxValue / 10_000;
        FreeAfter(world, seconds: 0, ask => ask with { PricePerBytePerSecond = most, CollateralPerByte = most });

        Assert.Equal(UInt256.MaxValue, Assert.Single(world.Queued).Terms.Reward);
    }

    private static StorageRequested Ask(QueueWorld world)
    {
        var request = Request(world, 1, slots: 1, price: 3);
        return request with { Ask = request.Ask with { CollateralPerByte = 10 } };
    }

    private static void FreeAfter(QueueWorld world, ulong seconds, Func<StorageAsk, StorageAsk>? change = null)
    {
        var request = Ask(world);
        world.Happen(request with { Ask = change?.Invoke(request.Ask) ?? request.Ask });
        world.Happen(new SlotFilled(world.Block, _slot));
        world.Happen(new RequestFulfilled(world.Block, _slot.RequestId));
        world.Happen(new SlotFreed(world.NextBlock(seconds), _slot));
    }
}
