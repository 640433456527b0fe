using CodexSales.Rx.Filtering;
using CodexSales.Rx.Tests.Availabilities;

namespace CodexSales.Rx.Tests.Filtering;

public sealed class ConditionIndexTests
{
    [Fact]
    public void A_changed_bound_concerns_exactly_the_lots_between_the_old_one_and_the_new_one()
    {
        var random = new Random(1);
        var index = new ConditionIndex<ulong>(terms => terms.Ask.SlotSizeBytes);
        var groups = new List<FilteredGroup>();
        for (var number = 0; number < 3_000; number++)
        {
            if (random.Next(3) == 0 && groups.Count > 0)
            {
                var gone = groups[random.Next(groups.Count)];
                groups.Remove(gone);
                index.Remove(gone);
            }
            else
            {
                groups.Add(new FilteredGroup(GroupOf(random), number));
                index.Add(groups[^1]);
            }

            var (left, right) = (Bound(random), Bound(random));
            var (low, high) = (Math.Min(left, right), Math.Max(left, right));
            Assert.Equal(
                groups.Where(group => SizeOf(group) >= low && SizeOf(group) <= high).OrderBy(group => (SizeOf(group), group.Number)),
                index.Between(left, right));
        }
    }

    private static ulong SizeOf(FilteredGroup group) => group.Group.Terms.Ask.SlotSizeBytes;

    private static ulong Bound(Random random) => (ulong)random.Next(40);

    private static SlotGroup GroupOf(Random random) => SlotGroup.OfRequest(
        SmallTerms.Of(Bound(random), 2, 2, 2, 2), 0, random, (_, _) => true);
}
