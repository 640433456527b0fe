namespace CodexSales.Rx.Sqlite;

/// <summary>The journal of transactions in the file of a <see cref="SqliteSalesStore"/>.</summary>
internal sealed class SqliteTransactionJournal(SqliteSalesStore store, JournalWriter writer) : ITransactionJournal
{
    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation) =>
        store.WriteAsync(() => writer.Load(sender, endedSince), cancellation);

    public Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return store.WriteAsync(() => writer.Note(entries, endedSince), cancellation);
    }
}
