namespace CodexSales.Rx.Caching;

/// <content>How the way to an item or to a position is found.</content>
internal sealed partial class OrderedTree<T>
{
    private void Arrive(Leaf leaf, int offset, int position) =>
        (_leaf, _offset, _position, _isOnTheWay) = (leaf, offset, position, true);

    private void SeekAt(int position)
    {
        if (position == Count - 1)
        {
            SeekLast();
            return;
        }

        var (node, offset) = (_root, position);
        for (var level = 0; level < _height; level++)
        {
            var branch = (Branch)node;
            var child = 0;
            for (; child < branch.Length - 1 && offset >= branch.Counts[child]; child++)
            {
                offset -= branch.Counts[child];
            }

            _path[level] = new Step(branch, child);
            node = branch.Children[child];
        }

        Arrive((Leaf)node, offset, position);
    }

    // A full list always gives up its last item.
    private void SeekLast()
    {
        var node = _root;
        for (var level = 0; level < _height; level++)
        {
            var branch = (Branch)node;
            _path[level] = new Step(branch, branch.Length - 1);
            node = branch.Children[branch.Length - 1];
        }

        Arrive((Leaf)node, node.Length - 1, Count - 1);
    }

    private static int CountBefore<TBound>(ReadOnlySpan<T> items, TBound bound, Func<T, TBound, bool> isBefore)
    {
        var (from, to) = (0, items.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            (from, to) = isBefore(items[middle], bound) ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    private int LastNotAfter(ReadOnlySpan<T> items, T item, out bool isEqual)
    {
        var (from, to) = (0, items.Length);
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            var comparison = _order.Compare(item, items[middle]);
            if (comparison == 0)
            {
                isEqual = true;
                return middle;
            }

            (from, to) = comparison < 0 ? (from, middle) : (middle + 1, to);
        }

        isEqual = false;
        return from - 1;
    }
}
