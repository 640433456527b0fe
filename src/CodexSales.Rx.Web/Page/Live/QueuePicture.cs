using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>The queue as it stands, why each slot in it has changed last and in which picture, and what has left it. Immutable.</summary>
internal sealed record QueuePicture(
    int Number,
    (int Place, OpenSlot Slot)[] Rows,
    ImmutableDictionary<SlotKey, (QueueCause Cause, int Number)> Causes,
    ImmutableList<(SlotKey Slot, QueueCause Cause, int Number)> Left)
{
    private const int MostLeft = 8;

    public static QueuePicture Empty { get; } = new(0, [], ImmutableDictionary<SlotKey, (QueueCause, int)>.Empty, []);

    /// <summary>The picture after a change set.</summary>
    public static QueuePicture After(
        QueuePicture? before, ChangeSet<OpenSlot, SlotKey, QueueCause> changes, IReadOnlyList<OpenSlot> slots)
    {
        var (number, causes, left) = before is null ? (1, Empty.Causes, Empty.Left) : (before.Number + 1, before.Causes, before.Left);
        if (changes.IsSnapshot)
        {
            causes = Empty.Causes;
        }
        else
        {
            var changed = causes.ToBuilder();
            foreach (var change in changes)
            {
                if (change.After is not null)
                {
                    changed[change.Key] = (change.Cause, number);
                }
                else
                {
                    changed.Remove(change.Key);
                    left = left.Insert(0, (change.Key, change.Cause, left.Count == 0 ? 1 : left[0].Number + 1));
                }
            }

            causes = changed.ToImmutable();
        }

        return new QueuePicture(number, RowsOf(slots), causes, left.Count > MostLeft ? left.GetRange(0, MostLeft) : left);
    }

    /// <summary>Slots with their places, from 1.</summary>
    public static (int Place, OpenSlot Slot)[] RowsOf(IReadOnlyList<OpenSlot> slots)
    {
        var rows = new (int Place, OpenSlot Slot)[slots.Count];
        for (var place = 0; place < rows.Length; place++)
        {
            rows[place] = (place + 1, slots[place]);
        }

        return rows;
    }
}
