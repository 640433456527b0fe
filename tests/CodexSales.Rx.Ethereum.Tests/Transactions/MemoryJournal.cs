using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>A journal that outlives the manager of transactions, and keeps all that was noted.</summary>
internal sealed class MemoryJournal : ITransactionJournal
{
    private readonly Dictionary<(SendingAccount, ulong), JournalEntry> _entries = [];

    /// <summary>Every note, in order.</summary>
    public List<JournalEntry> Notes { get; } = [];

    /// <summary>How often something was noted.</summary>
    public int Commits { get; private set; }

    /// <summary>How many entries there are, with those that have ended.</summary>
    public int Count => _entries.Count;

    /// <summary>What is thrown by the next calls; null when nothing goes wrong.</summary>
    public Exception? Failure { get; set; }

    public IEnumerable<JournalEntry> Open => _entries.Values.Where(entry => entry.End is null);

    public JournalEntry this[ulong nonce] => _entries.Values.Single(entry => entry.Nonce == nonce);

    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation) =>
        Failure is not null
            ? Task.FromException<IReadOnlyList<JournalEntry>>(Failure)
            : Task.FromResult<IReadOnlyList<JournalEntry>>(
            [
                .. _entries.Values
                    .Where(entry => entry.Sender == sender && (entry.End is null || entry.End.At >= endedSince))
                    .OrderBy(entry => entry.Nonce),
            ]);

    public Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            return Task.FromException(Failure);
        }

        Commits++;
        Notes.AddRange(entries);
        foreach (var entry in entries)
        {
            _entries[(entry.Sender, entry.Nonce)] = entry;
        }

        Forget(endedSince);
        return Task.CompletedTask;
    }

    private void Forget(DateTimeOffset endedSince)
    {
        foreach (var (key, _) in _entries.Where(entry => entry.Value.End?.At < endedSince).ToList())
        {
            _entries.Remove(key);
        }
    }
}
