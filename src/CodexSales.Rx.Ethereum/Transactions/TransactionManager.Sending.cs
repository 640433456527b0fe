using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>From transactions with a nonce and a price to transactions that the node has.</content>
internal sealed partial class TransactionManager
{
    // The most times that a transaction is changed and sent again at once, when the node says what is wrong with it.
    private const int MostRefusals = 4;

    // A transaction is absent when the node denies it so many times in a row.
    private const int TimesAsked = 3;

    // Signs all drafts at once. An unused nonce would hold up later ones, which are given back, too.
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
                    [.. draft.Transaction.Encode()],
                    raw?.Raw ?? [],
                    raw?.GetHash(),
                    _scheduler.Now,
                    draft.IsCancellation)));
            }
            else if (open.Wish is not { } wish)
            {
                Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {failed.Detail}");
            }
            else if (_open.ContainsKey(open.Nonce))
            {
                // A passing failure is one of the signer, for all of them; a final one may be about this transaction.
                var given = GiveBackFrom(open.Nonce);
                (failed.IsPassing ? given : [wish]).ForEach(one => Refuse(one, failed.Detail, failed.IsPassing));
            }
        }

        signed.RemoveAll(one => !_open.ContainsKey(one.Draft.Open.Nonce));
        return signed;
    }

    // While a proof was signed, a block may have come that makes it void. Nothing of it was sent.
    private void GiveBackLateNonces()
    {
        if (_open.Values.FirstOrDefault(open => open.Wish is { } wish && IsTooLate(wish.Intent)) is { } late)
        {
            foreach (var wish in GiveBackFrom(late.Nonce).Where(wish => IsTooLate(wish.Intent)))
            {
                Complete(wish, TransactionReply.TooLate(wish.Purpose));
            }
        }
    }

    // Gives back the nonces from one on whose transactions were not sent yet; their wishes wait again.
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

    private Func<RpcReply> AskToSend(OneMessage message, OpenTransaction open) => message.Add(
        open.Attempts[^1].Signed.IsEmpty
            ? NodeQuestions.Transact("eth_sendTransaction", _sender.Account, open.Last)
            : NodeQuestions.SendRawTransaction(open.Attempts[^1].Signed.AsSpan()));

    private async Task OnAnswersAsync(List<Send> sends)
    {
        var unclear = sends.Where(send => PoolAnswer.Of(send.Reply()) == PoolVerdict.UnrecognisedError);
        var absent = await FindAbsentAsync(unclear.Select(send => send.Open)).ConfigureAwait(false);
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
                OnFirstAnswer(open, wish, verdict, said, absent.Contains(open));
            }
            else
            {
                OnRepeatedAnswer(open, verdict, said);
            }
        }
    }

    // The transactions that the node denies each time: once that may be another back end's word.
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

    // It goes on with its nonce if the node has it or may have it. Else the nonce is given back, and the wish gets
    // another one where that helps; an error that is not known here may well pass.
    private void OnFirstAnswer(OpenTransaction open, Wish wish, PoolVerdict verdict, string said, bool isAbsent)
    {
        if (verdict is PoolVerdict.Accepted or PoolVerdict.AlreadyKnown)
        {
            Tell(TransactionNoticeKind.Sent, open, $"{open.Purpose} was sent with nonce {open.Nonce}.");
            Keep(open, wish);
            return;
        }

        if (verdict == PoolVerdict.NoResponse || (verdict == PoolVerdict.UnrecognisedError && !isAbsent)
            || (verdict == PoolVerdict.NonceTooHigh && ResendMissingBefore(open)))
        {
            Tell(TransactionNoticeKind.Unanswered, open, $"{open.Purpose} may be sent with nonce {open.Nonce}: {said}");
            Keep(open, wish);
            _isPassWanted = 1;
            return;
        }

        End(open, TransactionEndKind.Rejected);
        wish.Nonce = wish is { IsOwn: true, Purpose.Kind: TransactionKind.Approve } ? open.Nonce : null;
        if (wish.Purpose.Kind == TransactionKind.FillNonce)
        {
            _gap = null;
            return;
        }

        if (++wish.Refusals < MostRefusals && verdict is PoolVerdict.NonceTooLow or PoolVerdict.NonceTooHigh
            or PoolVerdict.ReplacementTooCheap or PoolVerdict.TooCheap)
        {
            if (verdict == PoolVerdict.TooCheap)
            {
                _fees.Forget();
                wish.TooCheap = open.Last.Fees;
            }

            wish.Repeat(said);
            _waiting.Add(wish);
            return;
        }

        wish.Refusals = 0;
        Refuse(wish, said, isPassing: verdict is not (PoolVerdict.Rejected or PoolVerdict.TooCheap));
    }

    private void OnRepeatedAnswer(OpenTransaction open, PoolVerdict verdict, string said)
    {
        switch (verdict)
        {
            // The node has a dearer attempt, or another program's transaction: either way the nonce is taken care of.
            case PoolVerdict.ReplacementTooCheap:
                open.IsDelivered = true;
                break;

            case PoolVerdict.TooCheap:
                open.IsFoundTooCheap = true;
                break;

            case PoolVerdict.Rejected or PoolVerdict.UnrecognisedError or PoolVerdict.NotNow:
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
            GiveUp(wish, problem);
        }
    }

    // The node lacks lower nonces. True if they can be ours: then they are sent again, and this one after them.
    private bool ResendMissingBefore(OpenTransaction refused)
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
    /// <summary>A transaction to be signed, noted and sent, and the notice of a replacement or cancellation.</summary>
    private sealed record Draft(
        OpenTransaction Open, UnsignedTransaction Transaction, bool IsCancellation = false, string? Notice = null);

    private sealed record SignedDraft(Draft Draft, TransactionAttempt Attempt);
}
