namespace CodexSales.Rx.Sqlite;

/// <summary>Adds a transaction's cost to its sale, in the commit that notes its end. Used by one thread.</summary>
/// <remarks>
/// Each nonce costs once, also when its transaction was replaced. What ends after its sale is added to the latest past one of that slot.
/// Slots without a sale are left out: never more rows than sales.
/// </remarks>
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
    private readonly Statement _remove = new(connection, $"DELETE FROM gas WHERE {OfSlot}");
    private readonly Statement _findOfPast = new(connection, "SELECT spent FROM past_sale WHERE number = ?1");

    // A transaction ends soon after its sale: of a million past sales only the latest are looked at.
    private readonly Statement _findPast = new(
        connection,
        $"SELECT number, spent FROM past_sale WHERE {OfSlot} AND number > (SELECT max(number) FROM past_sale) - 1000 ORDER BY number DESC LIMIT 1");
    private readonly Statement _putOfPast = new(connection, "UPDATE past_sale SET spent = ?1 WHERE number = ?2");

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

    /// <summary>What a sale that is being closed has cost so far. Forgets it: from now on it is the past sale's.</summary>
    /// <remarks>One that is closed again keeps what it had.</remarks>
    public UInt256 Close(long number, SlotKey slot)
    {
        var before = Find(_findOfPast, number, row => row.AmountOrNull()) ?? UInt256.Zero;
        var spent = Sum(before, Find(_find, slot, row => row.Amount()));
        _remove.Execute(slot);
        return spent;
    }

    public void Dispose()
    {
        _putOfPast.Dispose();
        _findPast.Dispose();
        _findOfPast.Dispose();
        _remove.Dispose();
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
            _put.Execute(slot, Sum(Find(_find, slot, row => row.Amount()), wei));
        }
        else if (Find(_findPast, slot, row => (Number: row.Int64(), Spent: row.AmountOrNull())) is (var number, { } before))
        {
            _putOfPast.Execute(Sum(before, wei), number);
        }
    }

    private static UInt256 Sum(UInt256 before, UInt256 wei) => UInt256.TryAdd(before, wei, out var sum) ? sum : UInt256.MaxValue;

    private static T? Find<T>(Statement statement, object key, Func<Rows, T> read)
    {
        using var rows = statement.Query(key);
        return rows.Next() ? read(rows) : default;
    }
}
