using CodexSales.Rx.Sqlite.Tables;

namespace CodexSales.Rx.Sqlite;

/// <summary>Keeps the journal of transactions in the file. Used by one thread.</summary>
internal sealed class JournalWriter(SqliteConnection connection, WriteTransactions transactions) : IDisposable
{
    private const string OfSender = "chain = ?1 AND account = ?2";

    private readonly Statement _put = Statement.Put(connection, "sent", SentTable.Columns);
    private readonly Statement _putAttempt = Statement.Put(connection, "attempt", AttemptTable.Columns);
    private readonly GasWriter _gas = new(connection);
    private readonly Statement _removeAttempts = new(
        connection, $"DELETE FROM attempt WHERE {OfSender} AND nonce = ?3");

    // Ended entries are looked for once an hour: that takes a look at all entries.
    private static readonly TimeSpan _betweenForgetting = TimeSpan.FromHours(1);

    private DateTimeOffset _forgotUntil;

    /// <exception cref="SqliteException">Nothing was noted.</exception>
    public void Note(IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince)
    {
        var isToForget = entries.Count > 0 && endedSince - _forgotUntil >= _betweenForgetting;
        transactions.Run(() =>
        {
            foreach (var entry in entries)
            {
                Put(entry);
            }

            if (isToForget)
            {
                Forget(entries[0].Sender, endedSince);
            }
        });
        _forgotUntil = isToForget ? endedSince : _forgotUntil;
    }

    /// <summary>The entries that did not end before a moment. The others are deleted.</summary>
    public IReadOnlyList<JournalEntry> Load(SendingAccount sender, DateTimeOffset endedSince)
    {
        transactions.Run(() => Forget(sender, endedSince));
        var attempts = Read(
                "SELECT nonce, unsigned, signed, hash, sent_at, withdrawal "
                + $"FROM attempt WHERE {OfSender} ORDER BY place",
                sender,
                AttemptTable.Read)
            .ToLookup(found => found.Nonce, found => found.Attempt);
        var entries = Read(
            "SELECT nonce, kind, request_id, slot_index, period, amount, end_kind, ended_at, spent, block "
            + $"FROM sent WHERE {OfSender}",
            sender,
            row => SentTable.Read(row, sender, nonce => attempts[nonce]));

        // Nonces over 2^63 - 1 are negative in the file, so it can't put them in order.
        return [.. entries.OrderBy(entry => entry.Nonce)];
    }

    public void Dispose()
    {
        _removeAttempts.Dispose();
        _gas.Dispose();
        _putAttempt.Dispose();
        _put.Dispose();
    }

    private void Put(JournalEntry entry)
    {
        _gas.Book(entry);

        // Attempts that are there may be of an older use of the nonce.
        _removeAttempts.Execute(entry.Sender, entry.Nonce);
        _put.Execute(SentTable.ValuesOf(entry));
        for (var place = 0; place < entry.Attempts.Length; place++)
        {
            _putAttempt.Execute(AttemptTable.ValuesOf(entry, place));
        }
    }

    private void Forget(SendingAccount sender, DateTimeOffset endedSince)
    {
        using var attempts = new Statement(
            connection,
            $"DELETE FROM attempt WHERE {OfSender} AND nonce IN "
            + $"(SELECT nonce FROM sent WHERE {OfSender} AND ended_at < ?3)");
        attempts.Execute(sender, endedSince);
        using var entries = new Statement(connection, $"DELETE FROM sent WHERE {OfSender} AND ended_at < ?3");
        entries.Execute(sender, endedSince);
    }

    private List<T> Read<T>(string sql, SendingAccount sender, Func<Rows, T> read)
    {
        using var statement = new Statement(connection, sql);
        using var rows = statement.Query(sender);
        return rows.All(read);
    }
}
