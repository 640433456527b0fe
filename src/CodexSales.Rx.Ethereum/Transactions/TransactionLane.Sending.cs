using System.Diagnostics;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What is done to send a transaction for the first time.</content>
internal sealed partial class TransactionLane
{
    // How often a transaction is changed and offered again in one turn, when the node says what is wrong with it.
    private const int MostOffersInATurn = 4;

    private async Task<Step> SendAsync(TransactionIntent intent, CancellationToken cancellation)
    {
        var (purpose, call, head) = (intent.Purpose, intent.Call(), Head);
        var known = _fees.Known(head);
        RpcRequest[] questions = [_estimator.Question(call, Newest), .. NonceQuestions];
        var replies = await _transport
            .AskAsync(known is null ? [.. questions, .. _fees.Questions()] : questions, cancellation)
            .ConfigureAwait(false);
        var estimate = await _estimator.UnderstandAsync(call, replies[0], cancellation).ConfigureAwait(false);
        var (quote, problem) = known is not null
            ? (known, "")
            : await _fees.UnderstandAsync(head, [.. replies.Skip(questions.Length)], cancellation).ConfigureAwait(false);
        return (estimate, quote, NonceIn(replies.Skip(1))) switch
        {
            (GasForNothing revert, _, _) => new Step(Reply: LaneReply.Refused(purpose, revert.Error)),
            (GasUnknown { IsPassing: false } unknown, _, _) => NotSent(purpose, unknown.Detail),
            (GasUnknown unknown, _, _) => Step.RetryAfter(unknown.Detail),
            (_, null, _) => Step.RetryAfter(problem),
            (_, { } price, _) when price.BaseFee > _options.MostFeePerGas => NotSent(
                purpose, $"A unit of gas costs {EtherAmount.Gwei(price.BaseFee)}, and the limit is "
                    + $"{EtherAmount.Gwei(_options.MostFeePerGas)}."),
            (_, _, null) => Step.RetryAfter("The node does not say how many transactions the account has sent."),
            (GasNeeded needed, { } price, { } nonce) => await OfferAsync(
                purpose, call, WithMargin(purpose, needed.Gas), price.Fees, nonce).ConfigureAwait(false),
            _ => throw new UnreachableException(),
        };
    }

    // From here on nobody's token counts: what may have been sent must be noted and watched.
    private async Task<Step> OfferAsync(
        TransactionPurpose purpose, ContractCall call, ulong gas, TransactionFees fees, ulong nonce)
    {
        for (var offers = 1; ; offers++)
        {
            var transaction = new UnsignedTransaction
            {
                ChainId = _sender.ChainId, Nonce = nonce, To = call.To, Data = call.Data, GasLimit = gas, Fees = fees,
            };
            var others = _open.Values.Select(_spent.MostOf);
            var isReservation = purpose.Kind == TransactionKind.ReserveSlot;
            if (_spent.FindExcess(transaction, others, _scheduler.Now, isReservation) is { } excess)
            {
                return NotSent(purpose, excess);
            }

            var open = new OpenTransaction(purpose, nonce, call);
            if (await AddAttemptAsync(open, transaction, isWithdrawal: false).ConfigureAwait(false) is { } failed)
            {
                return failed.IsPassing ? Step.RetryAfter(failed.Detail) : NotSent(purpose, failed.Detail);
            }

            var (verdict, said) = await OfferLastAsync(open).ConfigureAwait(false);
            switch (verdict)
            {
                case PoolVerdict.Accepted or PoolVerdict.AlreadyKnown:
                    Tell(TransactionNoticeKind.Sent, open, $"{purpose} was sent with nonce {nonce}.");
                    return Keep(open);

                case PoolVerdict.Unknown:
                case PoolVerdict.Unclear when await IsKnownAsync(open).ConfigureAwait(false) is not false:
                case PoolVerdict.NonceTooHigh when DoubtBefore(nonce):
                    Tell(TransactionNoticeKind.Unanswered, open, $"{purpose} may be sent with nonce {nonce}: {said}");
                    WantPass();
                    return Keep(open);
            }

            await EndAsync(open, TransactionEndKind.Rejected).ConfigureAwait(false);
            var isLast = offers == MostOffersInATurn;
            switch (verdict)
            {
                case PoolVerdict.NonceTooLow or PoolVerdict.NonceTooHigh or PoolVerdict.ReplacementTooCheap
                    when !isLast && await NextNonceAsync(_life.Token).ConfigureAwait(false) is { } counted
                        && counted != nonce:
                    nonce = counted;
                    break;

                case PoolVerdict.TooCheap when !isLast && await RaiseAsync(fees).ConfigureAwait(false) is { } raised:
                    fees = raised;
                    break;

                case PoolVerdict.Rejected or PoolVerdict.TooCheap:
                    return NotSent(purpose, said);

                // Words that are not known here may well be about a trouble of the moment.
                default:
                    return Step.RetryAfter(said);
            }
        }
    }

    // The node lacks transactions before this one. Whether they can be ours: then they are sent again.
    private bool DoubtBefore(ulong nonce)
    {
        var missing = _open.Values.Where(open => open.Nonce < nonce && open.Receipt is null).ToList();
        missing.ForEach(open => open.IsDelivered = false);
        return missing.Count > 0;
    }

    private Step Keep(OpenTransaction open)
    {
        _open[open.Nonce] = open;
        return new Step(open);
    }

    private async Task<TransactionFees?> RaiseAsync(TransactionFees fees)
    {
        _fees.Forget();
        var (quote, _) = await _fees.QuoteAsync(Head, _life.Token).ConfigureAwait(false);
        return quote?.Raise(fees, _options.MostFeePerGas);
    }

    private RpcRequest[] NonceQuestions =>
    [
        NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.Latest),
        NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.Pending),
    ];

    private async Task<ulong?> NextNonceAsync(CancellationToken cancellation) =>
        NonceIn(await _transport.AskAsync(NonceQuestions, cancellation).ConfigureAwait(false));

    // The first that is not in use, here or at the node; null when the node does not say. What is in flight counts even
    // where the node has lost it, and a gap that was left is filled.
    private ulong? NonceIn(IEnumerable<RpcReply> replies)
    {
        if (replies.Take(NonceQuestions.Length).OfType<RpcResult>().Max(NodeAnswers.ReadNumber) is not { } nonce)
        {
            return null;
        }

        while (_open.ContainsKey(nonce))
        {
            nonce++;
        }

        return nonce;
    }

    // Signs and notes one more attempt; null when that went well.
    private async Task<NotSigned?> AddAttemptAsync(
        OpenTransaction open, UnsignedTransaction transaction, bool isWithdrawal)
    {
        var signed = await _signer.SignAsync(transaction, _life.Token).ConfigureAwait(false);
        if (signed is NotSigned notSigned)
        {
            return notSigned;
        }

        var raw = (signed as Signed)?.Transaction;
        var attempt = new TransactionAttempt(
            [.. transaction.Encode()], raw?.Raw ?? [], raw?.GetHash(), _scheduler.Now, isWithdrawal);
        var before = open.Attempts;
        open.Attempts = before.Add(attempt);
        if (await NoteAsync(open, null).ConfigureAwait(false) is { } problem)
        {
            open.Attempts = before;
            return new NotSigned(problem, IsPassing: true);
        }

        (open.Last, open.Attempted, open.IsDelivered) = (transaction, Moment, false);
        open.Since ??= _chain.Head?.Number;
        return null;
    }

    // Sends the last attempt, for the first time or again.
    private async Task<(PoolVerdict Verdict, string Said)> OfferLastAsync(OpenTransaction open)
    {
        var attempt = open.Attempts[^1];
        var reply = await _transport.AskAsync(
            attempt.Signed.IsEmpty
                ? NodeQuestions.Transact("eth_sendTransaction", _sender.Account, open.Last)
                : NodeQuestions.SendRawTransaction(attempt.Signed.AsSpan()),
            _life.Token).ConfigureAwait(false);
        open.OfferedAt = _clock.Elapsed;
        var verdict = PoolAnswer.Of(reply);
        open.IsDelivered = verdict is PoolVerdict.Accepted or PoolVerdict.AlreadyKnown;
        if (attempt.Hash is null && reply is RpcResult result && NodeAnswers.ReadHash(result) is { } hash)
        {
            await SetHashAsync(open, hash).ConfigureAwait(false);
        }

        return (verdict, reply switch
        {
            RpcError error => $"The node says \"{error.Message}\" ({error.Code}).",
            RpcNoAnswer none => none.Detail,
            _ => "",
        });
    }

    private async Task SetHashAsync(OpenTransaction open, Bytes32 hash)
    {
        open.Attempts = open.Attempts.SetItem(open.Attempts.Length - 1, open.Attempts[^1] with { Hash = hash });
        await NoteOrTellAsync(open, null).ConfigureAwait(false);
    }

    // Null when nobody can say.
    private async Task<bool?> IsKnownAsync(OpenTransaction open)
    {
        if (open.Attempts[^1].Hash is not { } hash)
        {
            return null;
        }

        var reply = await _transport.AskAsync(NodeQuestions.GetTransactionByHash(hash), _life.Token)
            .ConfigureAwait(false);
        return reply is RpcResult result ? !NodeAnswers.IsNull(result) : null;
    }

    private async Task EndAsync(OpenTransaction open, TransactionEndKind kind)
    {
        var wei = open.Receipt?.SpentWei ?? 0;
        _spent.Add(_scheduler.Now, wei);
        _open.Remove(open.Nonce);
        await NoteOrTellAsync(open, new TransactionEnd(kind, _scheduler.Now, wei, open.Receipt?.BlockNumber))
            .ConfigureAwait(false);
    }

    // What could not be noted as ended is looked at again after a restart: no harm, but somebody should know.
    private async Task NoteOrTellAsync(OpenTransaction open, TransactionEnd? end)
    {
        if (await NoteAsync(open, end).ConfigureAwait(false) is { } problem)
        {
            Tell(TransactionNoticeKind.Trouble, open, problem);
        }
    }

    private async Task<string?> NoteAsync(OpenTransaction open, TransactionEnd? end)
    {
        var entry = new JournalEntry
        {
            Sender = _sender, Nonce = open.Nonce, Purpose = open.Purpose, Attempts = open.Attempts, End = end,
        };
        try
        {
            await _journal.NoteAsync(entry, _life.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return $"The journal of transactions can't be written: {failure.Message}";
        }
    }

    private ulong WithMargin(TransactionPurpose purpose, ulong gas) =>
        (ulong)UInt128.Min((UInt128)gas * (ulong)(100 + _options.GasMarginOf(purpose.Kind)) / 100, ulong.MaxValue);

    private static Step NotSent(TransactionPurpose purpose, string problem) =>
        new(Reply: LaneReply.NotSent($"{purpose} was not sent. {problem}"));
}
