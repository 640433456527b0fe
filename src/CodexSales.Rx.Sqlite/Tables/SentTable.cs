namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>An entry of the journal as a row. Its attempts are rows of another table.</summary>
internal static class SentTable
{
    public const string Columns =
        "chain, account, nonce, kind, request_id, slot_index, period, amount, end_kind, ended_at, spent, block";

    public static object?[] ValuesOf(JournalEntry entry)
    {
        var (purpose, end) = (entry.Purpose, entry.End);
        return
        [
            entry.Sender, entry.Nonce, (long)purpose.Kind, purpose.Slot?.RequestId.Value, purpose.Slot?.SlotIndex,
            purpose.Period, purpose.Amount, (ulong?)end?.Kind, end?.At, end?.SpentWei, end?.BlockNumber,
        ];
    }

    public static JournalEntry Read(Rows row, SendingAccount sender, Func<ulong, IEnumerable<TransactionAttempt>> attempts)
    {
        var nonce = row.UInt64();
        return new JournalEntry
        {
            Sender = sender,
            Nonce = nonce,
            Purpose = ReadPurpose(row),
            Attempts = [.. attempts(nonce)],
            End = ReadEnd(row),
        };
    }

    private static TransactionPurpose ReadPurpose(Rows row)
    {
        var kind = row.NumberedCase<TransactionKind>();
        var request = row.BytesOrNull();
        var index = row.UInt64OrNull();
        SlotKey? slot = request is { } id && index is { } place ? new SlotKey(new RequestId(id), place) : null;
        return new TransactionPurpose(kind, slot, row.UInt64OrNull(), row.Amount());
    }

    private static TransactionEnd? ReadEnd(Rows row) => row.SkipNull()
        ? null
        : new TransactionEnd(
            row.NumberedCase<TransactionEndKind>(), row.Instant(), row.Amount(), row.UInt64OrNull());
}
