using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Sqlite.Tables;

/// <summary>How one of the transactions of a nonce lies in its table.</summary>
internal static class AttemptTable
{
    public const string Columns = "chain, account, nonce, place, unsigned, signed, hash, sent_at, withdrawal";

    public static Statement With(this Statement statement, JournalEntry entry, int place) => statement
        .With(entry.Sender)
        .With(entry.Nonce)
        .With((long)place)
        .With(entry.Attempts[place].Unsigned)
        .With(entry.Attempts[place].Signed)
        .With(entry.Attempts[place].Hash)
        .With(entry.Attempts[place].SentAt)
        .With(entry.Attempts[place].IsCancellation);

    /// <summary>Reads a nonce, and what was sent under it.</summary>
    public static (ulong Nonce, TransactionAttempt Attempt) Read(Rows row) => (
        row.UInt64(),
        new TransactionAttempt(row.AllBytes(), row.AllBytes(), row.BytesOrNull(), row.Instant(), row.Boolean()));
}
