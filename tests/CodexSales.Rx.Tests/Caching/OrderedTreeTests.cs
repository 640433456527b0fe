namespace CodexSales.Rx.Tests.Caching;

public sealed class OrderedTreeTests
{
    private static readonly StringComparer Order = StringComparer.Ordinal;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_grows_and_shrinks_through_several_levels_like_a_sorted_list(int seed)
    {
        var random = new Random(seed);
        var tree = new OrderedTree<string>(Order);
        var list = new List<string>();
        for (var step = 0; step < 60_000; step++)
        {
            // It grows for a while and then shrinks, at either end or anywhere.
            var grows = step / 20_000 % 2 == 0 ? random.Next(10) < 8 : random.Next(10) < 2;
            if (grows || list.Count == 0)
            {
                var item = $"{random.Next(1_000_000):d6}";
                var index = list.BinarySearch(item, Order);
                Assert.Equal(index < 0, tree.TryInsert(item, out var position));
                Assert.Equal(index < 0 ? ~index : index, position);
                if (index < 0)
                {
                    list.Insert(~index, item);
                }
            }
            else
            {
                var position = random.Next(3) switch { 0 => 0, 1 => list.Count - 1, _ => random.Next(list.Count) };
                Assert.Equal(list[position], tree.RemoveAt(position));
                list.RemoveAt(position);
            }

            if (step % 997 == 0)
            {
                AssertSame(list, tree);
            }
        }

        AssertSame(list, tree);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(100_000)]
    public void It_can_be_made_of_items_in_order_and_then_be_changed(int count)
    {
        string[] items = [.. Enumerable.Range(0, count).Select(i => $"{2 * i:d8}")];
        var list = items.ToList();
        var random = new Random(count);

        var tree = OrderedTree<string>.Of(items, Order);

        AssertSame(list, tree);
        for (var i = 0; i < 2_000; i++)
        {
            var position = random.Next(list.Count + 1);
            var item = position == 0 ? "" : list[position - 1] + "x";
            if (position < list.Count && Order.Compare(item, list[position]) >= 0)
            {
                continue;
            }

            tree.InsertAt(position, item);
            list.Insert(position, item);
        }

        AssertSame(list, tree);
    }

    [Fact]
    public void Taking_the_first_of_many_leaves_the_rest_in_order_until_it_is_empty()
    {
        string[] items = [.. Enumerable.Range(0, 20_000).Select(i => $"{i:d8}")];
        var tree = OrderedTree<string>.Of(items, Order);

        foreach (var item in items)
        {
            Assert.Equal(item, tree.RemoveAt(0));
        }

        Assert.Equal(0, tree.Count);
        Assert.True(tree.TryInsert("a", out var position));
        Assert.Equal(0, position);
    }

    [Fact]
    public void Neighbours_are_found_and_removed_one_after_the_other_whatever_happened_before()
    {
        var random = new Random(1);
        string[] items = [.. Enumerable.Range(0, 20_000).Select(i => $"{3 * i:d6}")];
        var tree = OrderedTree<string>.Of(items, Order);
        var list = items.ToList();
        while (list.Count > 100)
        {
            var position = random.Next(list.Count);
            for (var left = Math.Min(random.Next(200), list.Count - position); left > 0; left--)
            {
                Assert.True(tree.TryLocate(list[position], out var found) && found == position);
                Assert.True(tree.TryRemove(list[position], out found) && found == position);
                list.RemoveAt(position);
            }

            var between = $"{random.Next(60_000):d6}";
            if (tree.TryInsert(between, out position))
            {
                list.Insert(position, between);
            }

            Assert.False(tree.TryRemove(new string(between.AsSpan()), out _)); // Equal, but another object.
        }

        AssertSame(list, tree);
    }

    private static void AssertSame(List<string> list, OrderedTree<string> tree)
    {
        Assert.Equal(list.Count, tree.Count);
        var copy = new string[tree.Count];
        tree.CopyTo(0, copy);
        Assert.Equal(list, copy);
        for (var i = 0; i < list.Count; i += 61)
        {
            Assert.True(tree.TryFind(list[i], out var position));
            Assert.Equal(i, position);
            Assert.Equal(list[i], tree[i]);
            Assert.Equal(i, tree.CountBefore(list[i], (item, bound) => Order.Compare(item, bound) < 0));
            Assert.Equal(i + 1, tree.CountBefore(list[i], (item, bound) => Order.Compare(item, bound) <= 0));
        }
    }
}
