namespace CodexSales.Rx.Caching;

internal sealed partial class OrderedTree<T>
{
    private abstract class Node
    {
        public int Length;

        public abstract int Capacity { get; }

        public abstract void MoveAllTo(Node other);
    }

    /// <summary>Items with room at both ends, so that taking the first one moves nothing.</summary>
    private sealed class Leaf : Node
    {
        private readonly T[] _items = new T[LeafCapacity];
        private int _start;

        public override int Capacity => LeafCapacity;

        public ReadOnlySpan<T> Items => new(_items, _start, Length);

        public T this[int index]
        {
            get => _items[_start + index];
            set => _items[_start + index] = value;
        }

        public void Insert(int index, T item)
        {
            if (_start == 0 && index < Length / 2 && Length < LeafCapacity)
            {
                MoveToEnd();
            }

            var end = _start + Length;
            if (_start > 0 && (index < Length / 2 || end == LeafCapacity))
            {
                _start--;
                Array.Copy(_items, _start + 1, _items, _start, index);
            }
            else
            {
                Array.Copy(_items, _start + index, _items, _start + index + 1, Length - index);
            }

            _items[_start + index] = item;
            Length++;
        }

        // An item that comes in front of the others often has more of its kind behind it.
        private void MoveToEnd()
        {
            Array.Copy(_items, 0, _items, LeafCapacity - Length, Length);
            _start = LeafCapacity - Length;
            _items.AsSpan(0, Math.Min(_start, Length)).Clear();
        }

        public void RemoveAt(int index)
        {
            Length--;
            if (index < Length / 2)
            {
                Array.Copy(_items, _start, _items, _start + 1, index);
                _items[_start++] = null!;
            }
            else
            {
                Array.Copy(_items, _start + index + 1, _items, _start + index, Length - index);
                _items[_start + Length] = null!;
            }
        }

        /// <summary>Appends items for which there is room.</summary>
        public void Append(ReadOnlySpan<T> items)
        {
            if (_start + Length + items.Length > LeafCapacity)
            {
                Items.CopyTo(_items);
                _items.AsSpan(Length, _start).Clear();
                _start = 0;
            }

            items.CopyTo(_items.AsSpan(_start + Length));
            Length += items.Length;
        }

        public override void MoveAllTo(Node other) => MoveTo((Leaf)other, 0);

        public void MoveTo(Leaf other, int from)
        {
            other.Append(Items[from..]);
            _items.AsSpan(_start + from, Length - from).Clear();
            Length = from;
        }
    }

    /// <summary>Children in order, each with its count of items and, from the second on, its first item.</summary>
    private sealed class Branch : Node
    {
        public readonly Node[] Children = new Node[BranchCapacity];
        public readonly int[] Counts = new int[BranchCapacity];
        public readonly T?[] Firsts = new T?[BranchCapacity];

        public override int Capacity => BranchCapacity;

        public int Total => CountBefore(Length);

        public ReadOnlySpan<T> LaterFirsts => new(Firsts!, 1, Length - 1); // Only the first child has none.

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

        public override void MoveAllTo(Node other) => MoveTo((Branch)other, 0);

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
