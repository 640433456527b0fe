using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Tests.Queueing;

public sealed class PlaceSetTests
{
    [Fact]
    public void It_holds_what_a_sorted_set_holds()
    {
        var random = new Random(1);
        var places = new PlaceSet();
        var model = new SortedSet<ulong>();
        for (ulong drawn = 0; drawn < 1_000; drawn++)
        {
            places.Add(drawn);
            model.Add(drawn);
            var gone = (ulong)random.NextInt64((long)drawn + 1);
            places.Remove(gone);
            model.Remove(gone);
            Assert.Equal(model, places);
        }
    }

    [Fact]
    public void A_place_far_behind_the_others_is_held_too()
    {
        var places = new PlaceSet();

        places.Add(100_000);

        Assert.Equal([100_000UL], places);
    }
}
