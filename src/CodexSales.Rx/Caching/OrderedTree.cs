namespace CodexSales.Rx.Caching;

/// <summary>A list in ascending order that knows the position of each item: a B+ tree that counts.</summary>
/// <remarks>Finding compares O(log n) times; inserting, removing and reading at a position compare nothing, so they
/// can't fail. Each costs O(log n). Nodes are reused, so that a list whose length stays about the same allocates
/// nothing. For one thread at a time.</remarks>
internal sealed partial class OrderedTree<T> : IListByPosition<T>
    where T : class
{
    private const int LeafCapacity = 128;
    private const int BranchCapacity = 64;

    // Two neighbours below a quarter each are merged, so a branch has 16 children on average: 16^12 items are never
    // reached.
    private const int MaxHeight = 12;
    private const int MostSpareNodes = 16;

    private readonly IComparer<T> _order;
    private readonly Stack<Leaf> _spareLeaves = new();
    private readonly Stack<Branch> _spareBranches = new();

    // The way to the item that was sought last: a branch for each level, then the leaf.
    private readonly Step[] _path = new Step[MaxHeight];
    private Leaf _leaf;
    private int _offset;
    private int _position;
    private bool _isOnTheWay;

    private Node _root;
    private int _height;

    public OrderedTree(IComparer<T> order)
    {
        _order = order;
        _root = _leaf = new Leaf();
    }

    public int Count { get; private set; }

    /// <summary>Rises with each change.</summary>
    public int Revision { get; private set; }

    public T this[int position]
    {
        get
        {
            SeekAt(position);
            return _leaf[_offset];
        }
        set
        {
            SeekAt(position);
            _leaf[_offset] = value;
            Revision = unchecked(Revision + 1);
            if (_offset == 0)
            {
                SetFirst(_height - 1, value);
            }
        }
    }

    /// <summary>The position of the item that compares as equal, or of its insertion.</summary>
    public bool TryFind(T item, out int position)
    {
        position = 0;
        var node = _root;
        for (var level = 0; level < _height; level++)
        {
            var branch = (Branch)node;
            var child = LastNotAfter(branch.LaterFirsts, item, out _) + 1;
            position += branch.CountBefore(child);
            _path[level] = new Step(branch, child);
            node = branch.Children[child];
        }

        var leaf = (Leaf)node;
        var last = LastNotAfter(leaf.Items, item, out var isEqual);
        var offset = isEqual ? last : last + 1;
        position += offset;
        Arrive(leaf, offset, position);
        return isEqual;
    }

    /// <summary>The position of the very item; false when it is not where it belongs.</summary>
    public bool TryLocate(T item, out int position)
    {
        // It often is where the last one was sought, or where the one before it was removed.
        if (_isOnTheWay && _offset < _leaf.Length && ReferenceEquals(_leaf[_offset], item))
        {
            position = _position;
            return true;
        }

        return TryFind(item, out position) && ReferenceEquals(_leaf[_offset], item);
    }

    /// <summary>The count of items before a bound, all at the front. Does not ask the order.</summary>
    public int CountBefore<TBound>(TBound bound, Func<T, TBound, bool> isBefore)
    {
        var (node, position) = (_root, 0);
        for (var level = 0; level < _height; level++)
        {
            var branch = (Branch)node;
            var child = CountBefore(branch.LaterFirsts, bound, isBefore);
            position += branch.CountBefore(child);
            node = branch.Children[child];
        }

        return position + CountBefore(((Leaf)node).Items, bound, isBefore);
    }

    /// <summary>Inserts the item where it belongs; false when there is one that compares as equal.</summary>
    public bool TryInsert(T item, out int position)
    {
        if (TryFind(item, out position))
        {
            return false;
        }

        InsertHere(item);
        return true;
    }

    /// <summary>Inserts at a position, which the caller knows to be the right one.</summary>
    public void InsertAt(int position, T item)
    {
        // One past the item before it: at the border of two leaves that is the end of the left one.
        if (position == 0)
        {
            SeekAt(0);
        }
        else
        {
            SeekAt(position - 1);
            Arrive(_leaf, _offset + 1, position);
        }

        InsertHere(item);
    }

    public T RemoveAt(int position)
    {
        SeekAt(position);
        return RemoveHere();
    }

    /// <summary>Removes the very item, and tells where it was; false when it is not where it belongs.</summary>
    public bool TryRemove(T item, out int position)
    {
        if (!TryLocate(item, out position))
        {
            return false;
        }

        RemoveHere();
        return true;
    }

    public void CopyTo(int position, Span<T> destination)
    {
        while (!destination.IsEmpty)
        {
            var items = RunAt(position);
            var taken = Math.Min(items.Length, destination.Length);
            items[..taken].CopyTo(destination);
            destination = destination[taken..];
            position += taken;
        }
    }

    /// <summary>The items from a position to the end of their leaf: at least one. Good until the next change.</summary>
    public ReadOnlySpan<T> RunAt(int position)
    {
        SeekAt(position);
        return _leaf.Items[_offset..];
    }

    private T RemoveHere()
    {
        var item = _leaf[_offset];
        _leaf.RemoveAt(_offset);
        Count--;
        Revision = unchecked(Revision + 1);
        for (var level = 0; level < _height; level++)
        {
            _path[level].Branch.Counts[_path[level].Index]--;
        }

        if (_leaf.Length > 0 && _offset == 0)
        {
            SetFirst(_height - 1, _leaf[0]);
        }

        if (_height > 0 && _leaf.Length < LeafCapacity / 4)
        {
            _isOnTheWay = false;
            Shrink(_height - 1, _leaf);
        }

        return item;
    }
}
