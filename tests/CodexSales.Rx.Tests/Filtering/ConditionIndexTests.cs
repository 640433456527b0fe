using CodexSales.Rx.Filtering;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Tests.Availabilities;

namespace CodexSales.Rx.Tests.Filtering;

public sealed class ConditionIndexTests
{
    [Fact]
    public void A_changed_bound_concerns_exactly_the_lots_between_the_old_one_and_the_new_one()
    {
        var random = new Random(1);
        var index = new ConditionIndex<ulong>(terms => terms.Ask.SlotSizeBytes);
        var lots = new List<FilteredLot>();
        for (var number = 0; number < 3_000; number++)
        {
            if (random.Next(3) == 0 && lots.Count > 0)
            {
                var gone = lots[random.Next(lots.Count)];
                lots.Remove(gone);
                index.Remove(gone);
            }
            else
            {
                lots.Add(new FilteredLot(LotOf(random), number));
                index.Add(lots[^1]);
            }

            var (left, right) = (Bound(random), Bound(random));
            var (low, high) = (Math.Min(left, right), Math.Max(left, right));
            Assert.Equal(
                lots.Where(lot => SizeOf(lot) >= low && SizeOf(lot) <= high).OrderBy(lot => (SizeOf(lot), lot.Number)),
                index.Between(left, right));
        }
    }

    private static ulong SizeOf(FilteredLot lot) => lot.Lot.Terms.Ask.SlotSizeBytes;

    private static ulong Bound(Random random) => (ulong)random.Next(40);

    private static SlotLot LotOf(Random random) => SlotLot.OfRequest(
        SmallTerms.Of(Bound(random), 2, 2, 2, 2), 0, random, (_, _) => true);
}
