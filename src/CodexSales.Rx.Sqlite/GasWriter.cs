namespace CodexSales.Rx.Sqlite;

/// <summary>Adds a transaction's cost to its sale, in the commit that notes its end. Used by one thread.</summary>
/// <remarks>Each nonce costs once, also when its transaction was replaced. Slots without a sale are left out: never more rows than sales.</remarks>
internal sealed class GasWriter(SqliteConnection connection) : IDisposable
{
    private const string OfNonce = "chain = ?1 AND account = ?2 AND nonce = ?3";
    private const string OfSlot = "request_id = ?1 AND slot_index = ?2";

    private readonly Statement _findSpent = new(connection, $"SELECT spent FROM sent WHERE {OfNonce}");
    private readonly Statement _findSlot = new(
        connection,
        $"SELECT request_id, slot_index FROM sent WHERE {OfNonce} AND kind = {(int)TransactionKind.FillSlot} "
        + "AND request_id IS NOT NULL");
    private readonly Statement _findSale = new(connection, $"SELECT 1 FROM sale WHERE {OfSlot}");
    private readonly Statement _find = new(connection, $"SELECT spent FROM gas WHERE {OfSlot}");
    private readonly Statement _put = Statement.Put(connection, "gas", "request_id, slot_index, spent");

    /// <summary>To be called before the entry takes the place of the older one.</summary>
    public void Book(JournalEntry entry)
    {
        var spent = entry.End?.SpentWei ?? UInt256.Zero;
        if (spent == UInt256.Zero || IsPaid(entry))
        {
            return;
        }

        // An approval is followed by the fills that it is for.
        List<SlotKey> slots = entry.Purpose.Kind == TransactionKind.Approve ? [.. FindFills(entry)]
            : entry.Purpose.Slot is { } slot ? [slot]
            : [];
        slots.ForEach(slot => Add(slot, spent / (ulong)slots.Count));
    }

    public void Dispose()
    {
        _put.Dispose();
        _find.Dispose();
        _findSale.Dispose();
        _findSlot.Dispose();
        _findSpent.Dispose();
    }

    private bool IsPaid(JournalEntry entry)
    {
        using var rows = _findSpent.Query(entry.Sender, entry.Nonce);
        return rows.Next() && !rows.SkipNull() && rows.Amount() > UInt256.Zero;
    }

    private IEnumerable<SlotKey> FindFills(JournalEntry approval)
    {
        for (var nonce = approval.Nonce; nonce < ulong.MaxValue;)
        {
            using var rows = _findSlot.Query(approval.Sender, ++nonce);
            if (!rows.Next())
            {
                yield break;
            }

            yield return new SlotKey(new RequestId(rows.Bytes()), rows.UInt64());
        }
    }

    private void Add(SlotKey slot, UInt256 wei)
    {
        if (Find(_findSale, slot, _ => true))
        {
            var before = Find(_find, slot, row => row.Amount());
            _put.Execute(slot, UInt256.TryAdd(before, wei, out var sum) ? sum : UInt256.MaxValue);
        }
    }

    private static T? Find<T>(Statement statement, SlotKey slot, Func<Rows, T> read)
    {
        using var rows = statement.Query(slot);
        return rows.Next() ? read(rows) : default;
    }
}
