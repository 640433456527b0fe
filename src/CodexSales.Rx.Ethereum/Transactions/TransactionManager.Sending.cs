using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>From what has a nonce and a price to what the node has.</content>
internal sealed partial class TransactionManager
{
    // How often a transaction is changed and offered again at once, when the node says what is wrong with it.
    private const int MostRefusals = 4;

    // How often the node is asked for what it answered unclearly, until that is known to be nowhere.
    private const int TimesAsked = 3;

    // What has changed, but for what is about to be sent, since the journal was written last.
    private List<(OpenTransaction Open, TransactionEnd? End)> _unnoted = [];

    // How many of them, from the first one on, could not be noted before.
    private int _overdue;

    // Signs them all at once. A nonce that is not used would hold up those after it: they are given back, too.
    private async Task<List<SignedDraft>> SignAsync(List<Draft> drafts)
    {
        var replies = await Task.WhenAll(drafts.Select(draft => _signer.SignAsync(draft.Transaction, _isOver)))
            .ConfigureAwait(false);
        var signed = new List<SignedDraft>();
        foreach (var (draft, reply) in drafts.Zip(replies))
        {
            var open = draft.Open;
            if (reply is not NotSigned failed)
            {
                var raw = (reply as Signed)?.Transaction;
                signed.Add(new SignedDraft(draft, new TransactionAttempt(
                    [.. draft.Transaction.Encode()], raw?.Raw ?? [], raw?.GetHash(), _scheduler.Now, draft.IsCancellation)));
            }
            else if (open.Wish is not { } wish)
            {
                Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {failed.Detail}");
            }
            else if (_open.ContainsKey(open.Nonce))
            {
                // What passes will do so for all of them; what is final may be about this one.
                var given = GiveBackFrom(open.Nonce);
                (failed.IsPassing ? given : [wish]).ForEach(one => Refuse(one, failed.Detail, failed.IsPassing));
            }
        }

        signed.RemoveAll(one => !_open.ContainsKey(one.Draft.Open.Nonce));
        return signed;
    }

    // One commit, before anything of it is sent. From here on nobody's token counts: what may have been sent is watched.
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
            // What could not be noted as ended is looked at again after a restart: no harm, but somebody should know.
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
                Tell(draft.IsCancellation ? TransactionNoticeKind.Withdrawn : TransactionNoticeKind.Replaced, open, notice);
            }
        }
    }

    // With whatever is noted next, and else with the next block. Of each nonce the last counts, and a day after its end none.
    private void NoteLater(IEnumerable<(OpenTransaction Open, TransactionEnd? End)> changed)
    {
        var since = _scheduler.Now - SpendLedger.Day;
        var overdue = changed
            .GroupBy(one => one.Open.Nonce)
            .Select(ofNonce => ofNonce.Last())
            .Where(one => one.End is null || one.End.At >= since);
        _unnoted.InsertRange(0, overdue);
        _overdue = _unnoted.Count;
    }

    // A proof that is sent twice after a crash costs gas; one that is not sent costs collateral. So does what is in its way.
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
        OpenTransaction open,
        System.Collections.Immutable.ImmutableArray<TransactionAttempt> attempts,
        TransactionEnd? end) => new()
        {
            Sender = _sender, Nonce = open.Nonce, Purpose = open.Purpose, Attempts = attempts, End = end,
        };

    // While it was signed, a block may have come that makes a proof void. Nothing of it was sent.
    private void GiveBackWhatIsTooLate()
    {
        if (_open.Values.FirstOrDefault(open => open.Wish is { } wish && IsTooLate(wish.Intent)) is { } late)
        {
            foreach (var wish in GiveBackFrom(late.Nonce).Where(wish => IsTooLate(wish.Intent)))
            {
                Complete(wish, TransactionReply.TooLate(wish.Purpose));
            }
        }
    }

    // The nonces of what was not sent yet, from one on: what wanted them waits again.
    private List<Wish> GiveBackFrom(ulong nonce)
    {
        var unsent = _open.Values.Where(open => open.Nonce >= nonce && open.Wish is not null).ToList();
        foreach (var open in unsent)
        {
            _open.Remove(open.Nonce);
            if (!open.Attempts.IsEmpty)
            {
                End(open, TransactionEndKind.Rejected);
            }
        }

        List<Wish> given = [.. unsent.Select(open => open.Wish!)];
        given.ForEach(wish => wish.Nonce = null);
        _waiting.InsertRange(0, given);
        return given;
    }

    private Func<RpcReply> AskToTake(OneMessage message, OpenTransaction open) => message.Add(
        open.Attempts[^1].Signed.IsEmpty
            ? NodeQuestions.Transact("eth_sendTransaction", _sender.Account, open.Last)
            : NodeQuestions.SendRawTransaction(open.Attempts[^1].Signed.AsSpan()));

    private async Task UnderstandSendsAsync(List<Send> sends)
    {
        var unclear = sends.Where(send => PoolAnswer.Of(send.Reply()) == PoolVerdict.Unclear).Select(send => send.Open);
        var absent = await FindAbsentAsync(unclear).ConfigureAwait(false);
        foreach (var (open, answer) in sends)
        {
            var reply = answer();
            var verdict = PoolAnswer.Of(reply);
            (open.IsToBeSent, open.OfferedAt) = (false, _clock.Elapsed);
            open.IsDelivered = verdict is PoolVerdict.Accepted or PoolVerdict.AlreadyKnown;
            if (open.Attempts[^1].Hash is null && reply is RpcResult result && NodeAnswers.ReadHash(result) is { } hash)
            {
                SetHash(open, hash);
            }

            var said = reply switch
            {
                RpcError error => $"The node says \"{error.Message}\" ({error.Code}).",
                RpcNoAnswer none => none.Detail,
                _ => "",
            };
            if (open.Wish is { } wish)
            {
                UnderstandFirst(open, wish, verdict, said, absent.Contains(open));
            }
            else
            {
                UnderstandAgain(open, verdict, said);
            }
        }
    }

    // Those of which the node says each time that it has them not: once that may be another back end's word.
    private async Task<HashSet<OpenTransaction>> FindAbsentAsync(IEnumerable<OpenTransaction> unclear)
    {
        HashSet<OpenTransaction> absent = [.. unclear.Where(open => open.Attempts[^1].Hash is not null)];
        for (var times = 0; times < TimesAsked && absent.Count > 0; times++)
        {
            var message = new OneMessage(_transport);
            var asked = absent
                .Select(open => (
                    Open: open,
                    Reply: message.Add(NodeQuestions.GetTransactionByHash(open.Attempts[^1].Hash!.Value))))
                .ToList();
            await message.AskAsync(_isOver).ConfigureAwait(false);
            absent.ExceptWith(asked.Where(one => !IsNothing(one.Reply())).Select(one => one.Open));
        }

        return absent;
    }

    private void UnderstandFirst(OpenTransaction open, Wish wish, PoolVerdict verdict, string said, bool isAbsent)
    {
        switch (verdict)
        {
            case PoolVerdict.Accepted or PoolVerdict.AlreadyKnown:
                Tell(TransactionNoticeKind.Sent, open, $"{open.Purpose} was sent with nonce {open.Nonce}.");
                Keep(open, wish);
                return;

            case PoolVerdict.Unknown:
            case PoolVerdict.Unclear when !isAbsent:
            case PoolVerdict.NonceTooHigh when DoubtBefore(open):
                Tell(TransactionNoticeKind.Unanswered, open, $"{open.Purpose} may be sent with nonce {open.Nonce}: {said}");
                Keep(open, wish);
                _isPassWanted = 1;
                return;
        }

        // The node has it not, for certain: the nonce is given back.
        End(open, TransactionEndKind.Rejected);
        wish.Nonce = wish is { IsOwn: true, Purpose.Kind: TransactionKind.Approve } ? open.Nonce : null;
        var isLast = ++wish.Refusals >= MostRefusals;
        switch (verdict)
        {
            case var _ when wish.Purpose.Kind == TransactionKind.FillNonce:
                _hole = null;
                break;

            case PoolVerdict.NonceTooLow or PoolVerdict.NonceTooHigh or PoolVerdict.ReplacementTooCheap when !isLast:
                wish.Repeat(said);
                _waiting.Add(wish);
                break;

            case PoolVerdict.TooCheap when !isLast:
                _fees.Forget();
                wish.TooCheap = open.Last.Fees;
                wish.Repeat(said);
                _waiting.Add(wish);
                break;

            // Words that are not known here may well be about a trouble of the moment.
            default:
                wish.Refusals = 0;
                Refuse(wish, said, verdict is not (PoolVerdict.Rejected or PoolVerdict.TooCheap));
                break;
        }
    }

    private void UnderstandAgain(OpenTransaction open, PoolVerdict verdict, string said)
    {
        switch (verdict)
        {
            // The node has one of the dearer attempts, or of another program's: either way the nonce is taken care of.
            case PoolVerdict.ReplacementTooCheap:
                open.IsDelivered = true;
                break;

            case PoolVerdict.TooCheap:
                open.IsFoundTooCheap = true;
                break;

            case PoolVerdict.Rejected or PoolVerdict.Unclear or PoolVerdict.NotNow:
                Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} was sent before, but not again. {said}");
                break;
        }
    }

    private void Keep(OpenTransaction open, Wish wish)
    {
        open.Wish = null;
        Complete(wish, new Wish.Step(open));
    }

    private void Refuse(Wish wish, string problem, bool isPassing)
    {
        if (!_waiting.Contains(wish))
        {
            _waiting.Add(wish);
        }

        if (isPassing)
        {
            Postpone(wish, problem);
        }
        else
        {
            Complete(wish, NotSent(wish.Purpose, problem));
        }
    }

    // The node lacks lower nonces. True if they can be ours: then they are sent again, and this one after them.
    private bool DoubtBefore(OpenTransaction refused)
    {
        var missing = _open.Values.Where(open => open.Nonce < refused.Nonce && open.Receipt is null).ToList();
        foreach (var open in missing)
        {
            open.IsDelivered = false;
            open.IsToBeSent |= _clock.Elapsed >= open.OfferedAt + BetweenOffers;
            refused.IsToBeSent |= open.IsToBeSent;
        }

        return missing.Count > 0;
    }

    private void SetHash(OpenTransaction open, Domain.Bytes32 hash)
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

    /// <summary>A transaction that is to be signed, noted and sent.</summary>
    /// <param name="Open">Its nonce.</param>
    /// <param name="Transaction">What is to be sent.</param>
    /// <param name="IsCancellation">Whether it does nothing but use up the nonce.</param>
    /// <param name="Notice">What is told when it takes another one's place; null when it is the first.</param>
    private sealed record Draft(
        OpenTransaction Open, UnsignedTransaction Transaction, bool IsCancellation = false, string? Notice = null);

    private sealed record SignedDraft(Draft Draft, TransactionAttempt Attempt);
}
