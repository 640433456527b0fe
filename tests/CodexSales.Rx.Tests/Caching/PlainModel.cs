namespace CodexSales.Rx.Tests.Caching;

/// <summary>What a cache should hold: a list that is sorted after each step.</summary>
internal sealed class PlainModel
{
    public List<Item> Items { get; private set; } = [];

    public void Add(Item item)
    {
        if (Items.Exists(other => other.Key == item.Key))
        {
            throw new ArgumentException("A duplicate.");
        }

        RefuseTie(item);
        Insert(item);
    }

    public ChangeKind Put(Item item)
    {
        var index = Items.FindIndex(other => other.Key == item.Key);
        RefuseTie(item);
        if (index >= 0)
        {
            Items.RemoveAt(index);
        }

        Insert(item);
        return index < 0 ? ChangeKind.Added : Items.IndexOf(item) == index ? ChangeKind.Updated : ChangeKind.Moved;
    }

    public bool Remove(int key) => Items.RemoveAll(item => item.Key == key) > 0;

    public Item? TakeAt(int position)
    {
        if (Items.Count == 0)
        {
            return null;
        }

        var item = Items[position];
        Items.RemoveAt(position);
        return item;
    }

    public PlainModel Copy() => new() { Items = [.. Items] };

    private void Insert(Item item)
    {
        Items.Add(item);
        Items.Sort(ItemOrder.Compare);
    }

    private void RefuseTie(Item item)
    {
        if (item.Rank == ItemOrder.TiedRank
            && Items.Exists(other => other.Rank == ItemOrder.TiedRank && other.Key != item.Key))
        {
            throw new TieException();
        }
    }

    internal sealed class TieException : Exception;
}
