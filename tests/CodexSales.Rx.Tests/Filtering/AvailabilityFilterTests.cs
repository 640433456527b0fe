using CodexSales.Rx.Filtering;
using CodexSales.Rx.Tests.Availabilities;
using CodexSales.Rx.Tests.Queueing;

namespace CodexSales.Rx.Tests.Filtering;

public sealed class AvailabilityFilterTests
{
    [Fact]
    public void After_every_change_of_a_bound_exactly_those_lots_are_open_that_some_availability_takes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            RunProgram(seed);
        }
    }

    [Fact]
    public void A_lot_that_nothing_takes_is_refused_once_with_its_reason()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        var refusals = new List<RefusalReason>();
        var filter = new AvailabilityFilter(ledger, (_, _, reason) => refusals.Add(reason));
        ledger.Changes.Subscribe(change => filter.Apply(change));
        var group = GroupOf(SmallTerms.Of(2, 2, 2, 2, 2));

        Assert.Null(filter.Apply(Change(SlotGroupChangeKind.GroupOpened, group)));
        ledger.Save(SmallTerms.RandomAvailability(new Random(1)) with { IsDisabled = false, MinPricePerBytePerSecond = 9 });

        Assert.Equal([RefusalReason.NoAvailability], refusals);
    }

    [Fact]
    public void A_refusal_tells_the_limit_that_came_closest_of_those_that_refuse_for_its_reason()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        var offer = new Availability { Id = new("any"), TotalBytes = 10, MaxDurationSeconds = 10, MinPricePerBytePerSecond = 9, TotalCollateral = 10 };
        ledger.Save(offer with { Id = new("dear") });
        ledger.Save(offer with { Id = new("less dear"), MinPricePerBytePerSecond = 7 });
        ledger.Save(offer with { Id = new("small"), MinPricePerBytePerSecond = 1, TotalBytes = 1 });
        ledger.Save(offer with { Id = new("disabled"), MinPricePerBytePerSecond = 5, IsDisabled = true });
        var terms = SmallTerms.Of(2, 2, 2, 2, 2);

        Assert.Equal(7UL, ledger.ClosestLimit(RefusalReason.PriceTooLow, terms));
        Assert.Equal(1UL, ledger.ClosestLimit(RefusalReason.TooLarge, terms));
        Assert.Null(ledger.ClosestLimit(RefusalReason.Disabled, terms));
        Assert.Null(ledger.ClosestLimit(RefusalReason.TooLong, terms));
        Assert.Equal(2UL, AvailabilityBalance.Compared(RefusalReason.PriceTooLow, terms));
    }

    [Fact]
    public void Slots_that_change_hands_again_and_again_leave_nothing_behind()
    {
        using var world = QueueSamples.Open(capacity: 10);
        var requested = QueueSamples.Request(world, 1, slots: 1);
        var slot = new SlotKey(requested.RequestId, 0);
        world.Happen(requested);
        world.Happen(new SlotFilled(world.Block, slot));
        world.Happen(new RequestFulfilled(world.Block, requested.RequestId));
        for (var host = 0; host < 100; host++)
        {
            world.Happen(new SlotFreed(world.NextBlock(1), slot));
            Assert.Single(world.Queued);
            world.Happen(new SlotFilled(world.Block, slot));
        }

        world.Ledger.Remove(QueueSamples.Everything().Id);
        for (var block = 0; block < 3; block++)
        {
            world.Happen(new ProofSubmitted(world.NextBlock(10_000), default));
        }

        Assert.Equal(0, world.RequestCount);
        Assert.Null(Leftovers.Find(world.Stages));
    }

    private static void RunProgram(int seed)
    {
        var random = new Random(seed);
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        var filter = new AvailabilityFilter(ledger, (_, _, _) => { });
        var open = new HashSet<SlotGroup>();
        ledger.Changes.Subscribe(change => Follow(open, filter.Apply(change)));
        var (groups, holds) = (new List<SlotGroup>(), new List<Hold>());
        for (var step = 0; step < 80; step++)
        {
            switch (random.Next(7))
            {
                case 0 or 1:
                    groups.Add(GroupOf(SmallTerms.RandomTerms(random, (byte)step)));
                    Follow(open, filter.Apply(Change(SlotGroupChangeKind.GroupOpened, groups[^1])));
                    break;
                case 2 when groups.Count > 0:
                    var gone = groups[random.Next(groups.Count)];
                    groups.Remove(gone);
                    Follow(open, filter.Apply(Change(SlotGroupChangeKind.GroupClosed, gone)));
                    break;
                case 3 when ledger.Reserve(SmallTerms.RandomTerms(random), 0, out _) is { } hold:
                    holds.Add(hold);
                    break;
                case 4 when holds.Count > 0:
                    ledger.Release(holds[0]);
                    holds.RemoveAt(0);
                    break;
                case 5:
                    ledger.Remove(SmallTerms.RandomAvailability(random).Id);
                    break;
                default:
                    ledger.Save(SmallTerms.RandomAvailability(random, scale: 2));
                    break;
            }

            var taken = groups.Where(group => ledger.Snapshot.Any(balance => SmallTerms.Takes(balance, group.Terms)));
            Assert.True(open.SetEquals(taken), $"Seed {seed}, step {step}.");
        }
    }

    // A group comes once and goes once: a change that says what was known already is a fault.
    private static void Follow(HashSet<SlotGroup> open, SlotGroupChanges? changes)
    {
        foreach (var change in changes?.Changes ?? [])
        {
            Assert.True(change.Kind == SlotGroupChangeKind.GroupOpened ? open.Add(change.Group) : open.Remove(change.Group));
        }
    }

    private static SlotGroup GroupOf(SlotTerms terms) => SlotGroup.OfRequest(terms, 0, new Random(1), (_, _) => true);

    private static SlotGroupChanges Change(SlotGroupChangeKind kind, SlotGroup group) =>
        new(QueueCause.Requested, [new SlotGroupChange(kind, group)]);
}
