namespace CodexSales.Rx.Tests.Availabilities;

public sealed class BalanceChangeTests
{
    [Fact]
    public void A_change_that_lets_some_slot_in_widens()
    {
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var (before, after) = (RandomBalance(random), RandomBalance(random));

            var letsIn = SmallTerms.All.Any(terms =>
                SmallTerms.Takes(after, terms) && !SmallTerms.Takes(before, terms));

            Assert.True(!letsIn || new BalanceChange(before, after).Widens, $"{before} to {after}");
        }
    }

    [Fact]
    public void A_change_that_lets_no_slot_in_does_not_widen_an_availability_with_room()
    {
        var random = new Random(2);
        for (var i = 0; i < 2_000; i++)
        {
            // Where one bound lets nothing in at all, a change of another one may count without letting anything in.
            var (before, after) = (RandomBalance(random), RandomBalance(random));
            if (after.FreeBytes == 0 || after.FreeCollateral == 0 || after.Availability.MaxDurationSeconds == 0
                || after.Availability.Until is { Value: 0 })
            {
                continue;
            }

            var letsIn = SmallTerms.All.Any(terms =>
                SmallTerms.Takes(after, terms) && !SmallTerms.Takes(before, terms));

            Assert.Equal(letsIn, new BalanceChange(before, after).Widens);
        }
    }

    [Fact]
    public void A_disabled_availability_does_not_widen_whatever_becomes_free_in_it()
    {
        var offer = new Availability
        {
            Id = new AvailabilityId("v1"),
            TotalBytes = 10,
            MaxDurationSeconds = 10,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 10,
            IsDisabled = true,
        };

        Assert.False(new BalanceChange(
            new AvailabilityBalance(offer, 5, 0, 5, 1), new AvailabilityBalance(offer, 0, 0, 0, 0)).Widens);
        Assert.False(new BalanceChange(null, new AvailabilityBalance(offer, 0, 0, 0, 0)).Widens);
    }

    private static AvailabilityBalance RandomBalance(Random random) =>
        new(SmallTerms.RandomAvailability(random), 0, 0, UInt256.Zero, 0);
}
