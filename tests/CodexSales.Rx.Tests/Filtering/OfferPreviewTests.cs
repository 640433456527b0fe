using CodexSales.Rx.Filtering;
using CodexSales.Rx.Tests.Availabilities;
using CodexSales.Rx.Tests.Queueing;

namespace CodexSales.Rx.Tests.Filtering;

public sealed class OfferPreviewTests
{
    private static readonly Availability _draft = QueueSamples.Everything() with { MinPricePerBytePerSecond = 2 };

    [Fact]
    public void A_draft_tells_what_matches_what_fits_and_what_is_refused()
    {
        var preview = Preview(
            _draft with { TotalBytes = 7 },
            (SmallTerms.Of(size: 2, duration: 2, price: 3, collateral: 1, end: 2, request: 1), 9),
            (SmallTerms.Of(size: 4, duration: 2, price: 4, collateral: 2, end: 2, request: 2), 1),
            (SmallTerms.Of(size: 1, duration: 2, price: 1, collateral: 1, end: 2, request: 3), 5));

        // The one that pays 32 first, then one of those that pay 12; another one finds no room.
        Assert.Equal((15, 10, 2, 6), ((int)preview.OpenSlots, (int)preview.Matching, (int)preview.Fitting, (int)preview.Bytes));
        Assert.Equal(("3", "44"), ($"{preview.Collateral}", $"{preview.Reward}"));
        Assert.Equal([KeyValuePair.Create(RefusalReason.PriceTooLow, (UInt128)5)], preview.Refused);
    }

    [Fact]
    public void What_sales_hold_already_is_no_room()
    {
        var held = new AvailabilityBalance(_draft with { TotalBytes = 6 }, HeldBytes: 2, UsedBytes: 2, UInt256.Zero, Sales: 2);
        var preview = OfferPreview.Of(held, [(SmallTerms.Of(2, 2, 2, 1, 2), 3)]);
        Assert.Equal((3, 1), ((int)preview.Matching, (int)preview.Fitting));
    }

    [Fact]
    public void Clients_who_ask_for_more_slots_than_anybody_counts_are_looked_at_in_the_end()
    {
        var preview = Preview(_draft, (SmallTerms.Of(1, 1, 4, 1, 1), ulong.MaxValue), (SmallTerms.Of(0, 1, 4, 0, 1, request: 1), ulong.MaxValue));
        Assert.Equal((UInt128)ulong.MaxValue * 2, preview.Matching);
        Assert.Equal(100_000, (int)preview.Fitting);
    }

    [Fact]
    public void The_tracker_offers_what_can_be_filled_whether_it_is_taken_or_not()
    {
        using var world = QueueSamples.Open(capacity: 10);
        var requested = QueueSamples.Request(world, 1, slots: 4);
        world.Happen(requested);
        world.Happen(new SlotFilled(world.Block, new SlotKey(requested.RequestId, 2)));
        world.Happen(new SlotFilled(world.Block, new SlotKey(requested.RequestId, 3)));
        world.Happen(new SlotFreed(world.NextBlock(1), new SlotKey(requested.RequestId, 3)));
        var offers = world.Tracker.OpenOffers.ToList();
        Assert.Equal([(false, 2), (true, 1)], offers.Select(offer => (offer.Terms.IsRepair, (int)offer.Slots)));
        Assert.Equal(world.Tracker.CountOpenSlots(), offers.Aggregate((UInt128)0, (sum, offer) => sum + offer.Slots));
    }

    private static OfferPreview Preview(Availability draft, params (SlotTerms Terms, UInt128 Slots)[] open) =>
        OfferPreview.Of(new AvailabilityBalance(draft, 0, 0, UInt256.Zero, 0), open);
}
