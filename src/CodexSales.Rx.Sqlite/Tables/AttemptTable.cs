namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>One of the transactions of a nonce as a row.</summary>
internal static class AttemptTable
{
    public const string Columns = "chain, account, nonce, place, unsigned, signed, hash, sent_at, withdrawal";

    public static object?[] ValuesOf(JournalEntry entry, int place)
    {
        var (unsigned, signed, hash, sentAt, isCancellation) = entry.Attempts[place];
        return [entry.Sender, entry.Nonce, (long)place, unsigned, signed, hash, sentAt, isCancellation];
    }

    /// <summary>Reads a nonce, and what was sent under it.</summary>
    public static (ulong Nonce, TransactionAttempt Attempt) Read(Rows row) => (
        row.UInt64(),
        new TransactionAttempt(row.AllBytes(), row.AllBytes(), row.BytesOrNull(), row.Instant(), row.Boolean()));
}
