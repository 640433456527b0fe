namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>The journal: written before anything is sent and after each end, read after a restart.</content>
internal sealed partial class TransactionManager
{
    // Changes since the journal was written last, but for transactions that are about to be sent.
    private List<(OpenTransaction Open, TransactionEnd? End)> _unnoted = [];

    // The number of changes, from the first one on, that could not be noted before.
    private int _overdue;

    // One commit, before anything is sent. From here on tokens don't count: whatever may be sent is watched.
    private async Task NoteAsync(List<SignedDraft> signed)
    {
        if (signed.Count == 0 && _unnoted.Count == 0)
        {
            return;
        }

        var (changed, overdue) = (_unnoted, _overdue);
        (_unnoted, _overdue) = ([], 0);
        var problem = await TryNoteAsync(
            [
                .. changed.Select(one => Entry(one.Open, one.Open.Attempts, one.End)),
                .. signed.Select(one => Entry(one.Draft.Open, one.Draft.Open.Attempts.Add(one.Attempt), null)),
            ]).ConfigureAwait(false);
        if (problem is not null)
        {
            // An end that is not noted is looked at again after a restart: no harm, but somebody should know.
            changed.Skip(overdue).ToList().ForEach(one => Tell(TransactionNoticeKind.Trouble, one.Open, problem));
            signed.RemoveAll(one => !MayGoUnnoted(one.Draft.Open, problem));
            NoteLater([.. changed, .. signed.Select(one => (one.Draft.Open, (TransactionEnd?)null))]);
        }

        foreach (var (draft, attempt) in signed)
        {
            var open = draft.Open;
            open.ReplacedAt = open.Attempts.IsEmpty ? null : _clock.Elapsed;
            open.Attempts = open.Attempts.Add(attempt);
            (open.Last, open.Attempted) = (draft.Transaction, Moment);
            (open.IsToBeSent, open.IsDelivered, open.IsFoundTooCheap) = (true, false, false);
            open.Since ??= _chain.Head?.Number;
            if (problem is not null)
            {
                Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is sent all the same. {problem}");
            }

            if (draft.Notice is { } notice)
            {
                var kind = draft.IsCancellation ? TransactionNoticeKind.Cancelled : TransactionNoticeKind.Replaced;
                Tell(kind, open, notice);
            }
        }
    }

    // With the next commit, at the latest with the next block. The last change of a nonce counts, an end for a day.
    private void NoteLater(IEnumerable<(OpenTransaction Open, TransactionEnd? End)> changed)
    {
        var since = _scheduler.Now - SpendLedger.Day;
        _unnoted.InsertRange(0, changed
            .GroupBy(one => one.Open.Nonce)
            .Select(ofNonce => ofNonce.Last())
            .Where(one => one.End is null || one.End.At >= since));
        _overdue = _unnoted.Count;
    }

    // A proof that is sent twice after a crash costs gas; one that is late, or waits for another nonce, collateral.
    private bool MayGoUnnoted(OpenTransaction open, string problem)
    {
        if (open.Purpose.Kind == TransactionKind.SubmitProof
            || (open is { Wish: null } or { Purpose.Kind: TransactionKind.FillNonce } && IsInTheWayOfAProof(open)))
        {
            return true;
        }

        if (open.Wish is { } wish)
        {
            _open.Remove(open.Nonce);
            Refuse(wish, problem, isPassing: true);
        }
        else
        {
            Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {problem}");
        }

        return false;
    }

    private bool IsInTheWayOfAProof(OpenTransaction open) => _open.Values.Any(other =>
        other.Nonce > open.Nonce && other.Purpose.Kind == TransactionKind.SubmitProof && !other.IsConcluded);

    private async Task<string?> TryNoteAsync(IReadOnlyList<JournalEntry> entries)
    {
        try
        {
            await _journal.NoteAsync(entries, _scheduler.Now - SpendLedger.Day, _isOver).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return $"The journal of transactions can't be written: {failure.Message}";
        }
    }

    private JournalEntry Entry(
        OpenTransaction open, ImmutableArray<TransactionAttempt> attempts, TransactionEnd? end) => new()
        {
            Sender = _sender, Nonce = open.Nonce, Purpose = open.Purpose, Attempts = attempts, End = end,
        };

    private void SetHash(OpenTransaction open, Bytes32 hash)
    {
        open.Attempts = open.Attempts.SetItem(open.Attempts.Length - 1, open.Attempts[^1] with { Hash = hash });
        _unnoted.Add((open, null));
    }

    private void End(OpenTransaction open, TransactionEndKind kind)
    {
        var wei = open.Receipt?.SpentWei ?? 0;
        _spent.Add(_scheduler.Now, wei);
        _open.Remove(open.Nonce);
        _unnoted.Add((open, new TransactionEnd(kind, _scheduler.Now, wei, open.Receipt?.BlockNumber)));
    }

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
            entries = await _journal.LoadAsync(_sender, _scheduler.Now - SpendLedger.Day, _isOver)
                .ConfigureAwait(false);
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
