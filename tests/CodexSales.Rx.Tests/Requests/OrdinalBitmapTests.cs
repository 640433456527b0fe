namespace CodexSales.Rx.Tests.Requests;

public sealed class OrdinalBitmapTests
{
    [Fact]
    public void It_holds_what_a_sorted_set_holds()
    {
        var random = new Random(1);
        var places = new OrdinalBitmap();
        var model = new SortedSet<ulong>();
        for (ulong drawn = 0; drawn < 1_000; drawn++)
        {
            places.Add(drawn);
            model.Add(drawn);
            var gone = (ulong)random.NextInt64((long)drawn + 1);
            Assert.Equal(model.Remove(gone), places.Remove(gone));
            Assert.Equal(model, PlacesOf(places));
            Assert.Equal(model.Count == 0, places.IsEmpty);
        }
    }

    [Fact]
    public void A_place_far_behind_the_others_is_held_too()
    {
        var places = new OrdinalBitmap();

        places.Add(100_000);

        Assert.Equal([100_000UL], PlacesOf(places));
        Assert.False(places.Remove(200_000));
    }

    [Theory]
    [InlineData(1UL << 36)]
    [InlineData(1UL << 40)]
    [InlineData(ulong.MaxValue)]
    public void A_place_that_no_set_could_reach_is_not_in_it(ulong place)
    {
        var places = new OrdinalBitmap();
        places.Add(1);

        Assert.False(places.Remove(place));
        Assert.Null(places.NextFrom(place));
    }

    [Fact]
    public void A_place_counts_once()
    {
        var places = new OrdinalBitmap();
        places.Add(3);
        places.Add(3);

        Assert.True(places.Remove(3));

        Assert.True(places.IsEmpty);
        Assert.False(places.Remove(3));
    }

    private static List<ulong> PlacesOf(OrdinalBitmap places)
    {
        var found = new List<ulong>();
        for (var next = places.NextFrom(0); next is { } place; next = places.NextFrom(place + 1))
        {
            found.Add(place);
        }

        return found;
    }
}
