using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Sqlite;

/// <summary>The journal of transactions in the file of a <see cref="SqliteSalesStore"/>.</summary>
internal sealed class SqliteTransactionJournal(SqliteSalesStore store, JournalWriter writer) : ITransactionJournal
{
    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation) =>
        store.WriteAsync(() => writer.Load(sender, endedSince), cancellation);

    public Task NoteAsync(JournalEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return store.WriteAsync(() => writer.Note(entry), cancellation);
    }
}
