using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What was in flight before a restart.</content>
internal sealed partial class TransactionManager
{
    // Null once the journal was read; else why it could not be.
    private async Task<string?> LoadAsync()
    {
        if (_isLoaded)
        {
            return null;
        }

        IReadOnlyList<JournalEntry> entries;
        try
        {
            entries = await _journal.LoadAsync(_sender, _scheduler.Now - SpendLedger.Day, _isOver).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            return $"The journal of transactions can't be read: {unreadable.Message}";
        }

        var restored = new List<OpenTransaction>();
        foreach (var entry in entries.Where(entry => entry.End is null))
        {
            if (OpenTransaction.Restore(entry) is not { } open)
            {
                return $"The journal of transactions can't be read: what it has of nonce {entry.Nonce} is damaged.";
            }

            restored.Add(open);
        }

        restored.ForEach(open => _open[open.Nonce] = open);
        foreach (var end in entries.Select(entry => entry.End).OfType<TransactionEnd>().OrderBy(end => end.At))
        {
            _spent.Add(end.At, end.SpentWei);
        }

        _isLoaded = true;
        _isPassWanted = 1;
        return null;
    }
}
