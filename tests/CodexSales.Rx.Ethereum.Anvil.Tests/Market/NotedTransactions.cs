using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Market;

/// <summary>A journal in memory, which outlives the market that writes it.</summary>
internal sealed class NotedTransactions : ITransactionJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(SendingAccount, ulong), JournalEntry> _entries = [];

    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<JournalEntry>>(
                [.. _entries.Values.Where(entry => entry.Sender == sender).OrderBy(entry => entry.Nonce)]);
        }
    }

    public Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _entries[(entry.Sender, entry.Nonce)] = entry;
            }
        }

        return Task.CompletedTask;
    }
}
