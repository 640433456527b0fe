namespace CodexSales.Rx.Caching;

/// <content>How leaves and branches are split and merged.</content>
internal sealed partial class OrderedTree<T>
{
    /// <summary>A list of items that are in order already. Costs O(n) and compares nothing.</summary>
    public static OrderedTree<T> Of(ReadOnlySpan<T> items, IComparer<T> order)
    {
        var tree = new OrderedTree<T>(order);
        if (items.IsEmpty)
        {
            return tree;
        }

        // Three quarters full, so that there is room to insert.
        var level = new List<(Node Node, int Count, T First)>();
        for (var rest = items; !rest.IsEmpty;)
        {
            var leaf = new Leaf();
            leaf.Append(rest[..Math.Min(rest.Length, LeafCapacity * 3 / 4)]);
            level.Add((leaf, leaf.Length, leaf[0]));
            rest = rest[leaf.Length..];
        }

        for (; level.Count > 1; tree._height++)
        {
            level = [.. level.Chunk(BranchCapacity * 3 / 4).Select(BranchOf)];
        }

        tree._root = level[0].Node;
        tree.Count = items.Length;
        return tree;

        static (Node Node, int Count, T First) BranchOf((Node Node, int Count, T First)[] children)
        {
            var branch = new Branch();
            foreach (var (child, count, first) in children)
            {
                branch.Insert(branch.Length, child, count, branch.Length == 0 ? null : first);
            }

            return (branch, branch.Total, children[0].First);
        }
    }

    private void InsertHere(T item)
    {
        Count++;
        Revision = unchecked(Revision + 1);
        for (var level = 0; level < _height; level++)
        {
            _path[level].Branch.Counts[_path[level].Index]++;
        }

        if (_leaf.Length < LeafCapacity)
        {
            _leaf.Insert(_offset, item);
            return;
        }

        // An item at the end starts a leaf of its own: ascending items fill the leaves.
        _isOnTheWay = false;
        var right = Take(_spareLeaves);
        _leaf.MoveTo(right, _offset == LeafCapacity ? LeafCapacity : LeafCapacity / 2);
        if (_offset <= _leaf.Length && _leaf.Length < LeafCapacity)
        {
            _leaf.Insert(_offset, item);
        }
        else
        {
            right.Insert(_offset - _leaf.Length, item);
        }

        Graft(right, right.Length, right[0]);
    }

    /// <summary>Puts a new child to the right of the path that was sought, whose counts include its items.</summary>
    private void Graft(Node child, int count, T first)
    {
        for (var level = _height - 1; level >= 0; level--)
        {
            var (branch, index) = _path[level];
            branch.Counts[index] -= count;
            if (branch.Length < BranchCapacity)
            {
                branch.Insert(index + 1, child, count, first);
                return;
            }

            const int Middle = BranchCapacity / 2;
            var right = Take(_spareBranches);
            var firstOfRight = branch.Firsts[Middle]!;
            branch.MoveTo(right, Middle);
            if (index + 1 <= Middle)
            {
                branch.Insert(index + 1, child, count, first);
            }
            else
            {
                right.Insert(index + 1 - Middle, child, count, first);
            }

            (child, count, first) = (right, right.Total, firstOfRight);
        }

        var root = Take(_spareBranches);
        root.Insert(0, _root, Count - count, null);
        root.Insert(1, child, count, first);
        _root = root;
        _height++;
    }

    /// <summary>Merges a child on the way, if it is short, with a neighbour; an empty one goes.</summary>
    private void Shrink(int level, Node child)
    {
        var (parent, index) = _path[level];
        if (child.Length == 0)
        {
            Drop(level, index);
            Keep(child);
        }
        else if (child.Length < child.Capacity / 4)
        {
            if (index + 1 < parent.Length && FitTogether(child, parent.Children[index + 1]))
            {
                Join(level, index);
            }
            else if (index > 0 && FitTogether(child, parent.Children[index - 1]))
            {
                Join(level, index - 1);
            }
        }
    }

    /// <summary>Takes an empty child out of the branch on the way at a level.</summary>
    private void Drop(int level, int index)
    {
        var branch = _path[level].Branch;
        branch.RemoveAt(index);
        if (index == 0 && branch.Length > 0)
        {
            SetFirst(level - 1, branch.Firsts[0]!);
            branch.Firsts[0] = null;
        }

        if (level == 0)
        {
            while (_height > 0 && _root.Length == 1)
            {
                var top = (Branch)_root;
                _root = top.Children[0];
                _height--;
                top.RemoveAt(0);
                Keep(top);
            }

            return;
        }

        Shrink(level - 1, branch);
    }

    /// <summary>Moves all of the child after a place to the child at the place.</summary>
    private void Join(int level, int place)
    {
        var parent = _path[level].Branch;
        var right = parent.Children[place + 1];
        if (right is Branch branch)
        {
            branch.Firsts[0] = parent.Firsts[place + 1];
        }

        right.MoveAllTo(parent.Children[place]);
        parent.Counts[place] += parent.Counts[place + 1];
        Drop(level, place + 1);
        Keep(right);
    }

    /// <summary>Notes a new first item below a level, where the path is not the first child.</summary>
    private void SetFirst(int level, T first)
    {
        for (; level >= 0; level--)
        {
            if (_path[level].Index > 0)
            {
                _path[level].Branch.Firsts[_path[level].Index] = first;
                return;
            }
        }
    }

    private static TNode Take<TNode>(Stack<TNode> spare)
        where TNode : Node, new() => spare.TryPop(out var node) ? node : new TNode();

    private void Keep(Node emptied)
    {
        if (emptied is Leaf leaf && _spareLeaves.Count < MostSpareNodes)
        {
            _spareLeaves.Push(leaf);
        }
        else if (emptied is Branch branch && _spareBranches.Count < MostSpareNodes)
        {
            _spareBranches.Push(branch);
        }
    }

    private static bool FitTogether(Node one, Node other) => one.Length + other.Length <= one.Capacity / 2;
}
