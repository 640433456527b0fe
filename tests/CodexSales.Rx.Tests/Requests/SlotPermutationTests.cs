namespace CodexSales.Rx.Tests.Requests;

public sealed class SlotPermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(210)]
    [InlineData(1024)]
    [InlineData(65537)]
    public void Every_number_comes_exactly_once(ulong count)
    {
        var order = new SlotPermutation(count, new Random(1));

        var numbers = Enumerable.Range(0, (int)count).Select(place => order[(ulong)place]).ToHashSet();

        Assert.Equal((int)count, numbers.Count);
        Assert.True(numbers.Max() < count);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(6UL)]
    [InlineData(1_000_000UL)]
    [InlineData((1UL << 63) - 1)]
    [InlineData(ulong.MaxValue)]
    public void The_place_of_a_number_is_found_again(ulong count)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var order = new SlotPermutation(count, random);
            for (var i = 0; i < 50; i++)
            {
                var place = (ulong)random.NextInt64() % count;
                Assert.Equal(place, order.PlaceOf(order[place]));
            }
        }
    }

    [Fact]
    public void Hosts_with_different_seeds_start_at_different_slots()
    {
        var starts = Enumerable.Range(0, 100).Select(seed => new SlotPermutation(1_000_000, new Random(seed))[0]);

        Assert.True(starts.Distinct().Count() > 90);
    }
}
