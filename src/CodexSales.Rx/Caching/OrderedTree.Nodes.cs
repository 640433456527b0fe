namespace CodexSales.Rx.Caching;

internal sealed partial class OrderedTree<T>
{
    private abstract class Node
    {
        public int Length;
    }

    private sealed class Leaf : Node
    {
        public readonly T[] Items = new T[LeafCapacity];

        public void Insert(int index, T item)
        {
            if (index < Length)
            {
                Array.Copy(Items, index, Items, index + 1, Length - index);
            }

            Items[index] = item;
            Length++;
        }

        public void RemoveAt(int index)
        {
            Length--;
            Array.Copy(Items, index + 1, Items, index, Length - index);
            Items[Length] = null!;
        }

        /// <summary>Moves the items from an index on to the end of another leaf.</summary>
        public void MoveTo(Leaf other, int from)
        {
            Array.Copy(Items, from, other.Items, other.Length, Length - from);
            Array.Clear(Items, from, Length - from);
            other.Length += Length - from;
            Length = from;
        }
    }

    /// <summary>Children in order, with the number of items below each and, from the second on, the first of these items.</summary>
    private sealed class Branch : Node
    {
        public readonly Node[] Children = new Node[BranchCapacity];
        public readonly int[] Counts = new int[BranchCapacity];
        public readonly T?[] Firsts = new T?[BranchCapacity];

        public int Total => CountBefore(Length);

        public int CountBefore(int index)
        {
            var sum = 0;
            foreach (var count in Counts.AsSpan(0, index))
            {
                sum = unchecked(sum + count);
            }

            return sum;
        }

        public void Insert(int index, Node child, int count, T? first)
        {
            Array.Copy(Children, index, Children, index + 1, Length - index);
            Array.Copy(Counts, index, Counts, index + 1, Length - index);
            Array.Copy(Firsts, index, Firsts, index + 1, Length - index);
            (Children[index], Counts[index], Firsts[index]) = (child, count, first);
            Length++;
        }

        public void RemoveAt(int index)
        {
            Length--;
            Array.Copy(Children, index + 1, Children, index, Length - index);
            Array.Copy(Counts, index + 1, Counts, index, Length - index);
            Array.Copy(Firsts, index + 1, Firsts, index, Length - index);
            (Children[Length], Counts[Length], Firsts[Length]) = (null!, 0, null);
        }

        /// <summary>Moves the children from an index on to the end of another branch.</summary>
        public void MoveTo(Branch other, int from)
        {
            var moved = Length - from;
            Array.Copy(Children, from, other.Children, other.Length, moved);
            Array.Copy(Counts, from, other.Counts, other.Length, moved);
            Array.Copy(Firsts, from, other.Firsts, other.Length, moved);
            Array.Clear(Children, from, moved);
            Array.Clear(Counts, from, moved);
            Array.Clear(Firsts, from, moved);
            other.Length += moved;
            Length = from;
        }
    }

    private readonly record struct Step(Branch Branch, int Index);
}
