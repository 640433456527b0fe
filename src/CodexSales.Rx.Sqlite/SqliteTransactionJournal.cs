namespace CodexSales.Rx.Sqlite;

/// <summary>The journal of transactions in the file of a <see cref="SqliteSalesStore"/>.</summary>
internal sealed class SqliteTransactionJournal(SqliteSalesStore store, JournalWriter writer) : ITransactionJournal
{
    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellationToken) =>
        store.WriteAsync(() => writer.Load(sender, endedSince), cancellationToken);

    public Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return store.WriteAsync(() => writer.Note(entries, endedSince), cancellationToken);
    }
}
