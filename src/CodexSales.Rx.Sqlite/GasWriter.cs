using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Sqlite.Tables;

namespace CodexSales.Rx.Sqlite;

/// <summary>
/// Adds what a transaction cost to the sale that it was for, in the commit of the journal that notes its end. Used by one
/// thread.
/// </summary>
/// <remarks>
/// A nonce is paid for once: an entry that was there with what it cost is not added again. Of slots without a sale nothing
/// is kept, so there are never more rows than sales that run.
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
        using var rows = _findSpent.Bind().With(entry.Sender).With(entry.Nonce).Query();
        return rows.Next() && !rows.SkipNull() && rows.Amount() > UInt256.Zero;
    }

    private IEnumerable<SlotKey> FindFills(JournalEntry approval)
    {
        for (var nonce = approval.Nonce; nonce < ulong.MaxValue;)
        {
            using var rows = _findSlot.Bind().With(approval.Sender).With(++nonce).Query();
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
            _put.Bind().With(slot).With(UInt256.TryAdd(before, wei, out var sum) ? sum : UInt256.MaxValue).Execute();
        }
    }

    private static T? Find<T>(Statement statement, SlotKey slot, Func<Rows, T> read)
    {
        using var rows = statement.Bind().With(slot).Query();
        return rows.Next() ? read(rows) : default;
    }
}
