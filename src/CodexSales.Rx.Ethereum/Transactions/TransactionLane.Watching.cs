using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What is done about transactions that are in flight.</content>
internal sealed partial class TransactionLane
{
    // With how many blocks on its own a receipt is looked at again at each block. Then only when blocks were replaced,
    // and before it counts as final.
    private const ulong BlocksToWatch = 12;

    // A receipt that is missing for so long leaves who waits in doubt: balanced back ends lag behind one another.
    private const int BlocksOfDoubt = 12;
    private static readonly TimeSpan TimeOfDoubt = TimeSpan.FromMinutes(2);

    // For how long nothing of a nonce that is used must be known anywhere until it counts as another program's.
    private static readonly TimeSpan LongAbsence = TimeSpan.FromMinutes(5);

    private async Task WatchAsync()
    {
        var replaced = _chain.TakeReplaced();
        foreach (var open in _open.Values)
        {
            open.IsDoubted |= open.Receipt?.BlockNumber >= replaced;
            open.Since ??= _chain.Head?.Number;
        }

        var watched = _open.Values.Where(IsToBeLookedAt).ToList();
        if (watched.Count == 0)
        {
            return;
        }

        var (count, sightings) = await LookAsync(watched).ConfigureAwait(false);
        foreach (var (open, sighting) in watched.Zip(sightings))
        {
            if (sighting.Receipt is { } receipt)
            {
                await FindAsync(open, sighting.Attempt!, receipt).ConfigureAwait(false);
            }
            else if (sighting.IsCertain && count is { } landed)
            {
                await LoseAsync(open, landed).ConfigureAwait(false);
            }
        }
    }

    private bool IsToBeLookedAt(OpenTransaction open) =>
        open.IsDoubted
        || open.Receipt is not { BlockNumber: var block }
        || Head < block || Head - block < BlocksToWatch
        || IsFinal(block);

    private bool IsFinal(ulong block) => _chain.Final?.Number >= block;

    // One message: how many transactions are in blocks, and a receipt of each that may be.
    private async Task<(ulong? Count, List<Sighting> Sightings)> LookAsync(List<OpenTransaction> watched)
    {
        var attempts = watched.SelectMany(open => open.Attempts)
            .Where(attempt => attempt.Hash is not null)
            .ToList();
        var replies = await _transport.AskAsync(
            [
                NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.Latest),
                .. attempts.Select(attempt => NodeQuestions.GetTransactionReceipt(attempt.Hash!.Value)),
            ],
            _life.Token).ConfigureAwait(false);
        var found = attempts.Zip(replies.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        return (
            replies[0] is RpcResult count ? NodeAnswers.ReadNumber(count) : null,
            [.. watched.Select(open => See(open, found))]);
    }

    private static Sighting See(OpenTransaction open, Dictionary<TransactionAttempt, RpcReply> found)
    {
        var replies = open.Attempts.Where(found.ContainsKey).ToList();
        var landed = replies.FirstOrDefault(attempt => TransactionReceipt.Read(found[attempt], attempt) is not null);
        return landed is null
            ? new Sighting(null, null, replies.All(attempt => IsNothing(found[attempt])))
            : new Sighting(landed, TransactionReceipt.Read(found[landed], landed), IsCertain: true);
    }

    private static bool IsNothing(RpcReply reply) => reply is RpcResult result && NodeAnswers.IsNull(result);

    private async Task FindAsync(OpenTransaction open, TransactionAttempt attempt, TransactionReceipt receipt)
    {
        open.StopMissing();
        if (open.Receipt?.BlockHash != receipt.BlockHash)
        {
            if (await FindStampAsync(receipt.BlockHash).ConfigureAwait(false) is not { } block)
            {
                return;
            }

            open.Receipt = receipt;
            _chain.Find(block);
            var reply = await UnderstandAsync(open, attempt, receipt, block).ConfigureAwait(false);
            Tell(
                attempt.IsWithdrawal ? TransactionNoticeKind.Withdrawn
                    : receipt.HasSucceeded ? TransactionNoticeKind.Landed
                    : TransactionNoticeKind.Reverted,
                open.Purpose,
                open.Nonce,
                attempt.Hash,
                reply.Outcome switch
                {
                    TransactionRefused refused => refused.Detail,
                    TransactionNotSent nothing => nothing.Detail,
                    _ => $"{open.Purpose} is in block {receipt.BlockNumber}.",
                },
                receipt.SpentWei);
            open.Conclude(reply, _scheduler);
        }

        open.IsDoubted = false;
        if (IsFinal(receipt.BlockNumber))
        {
            await EndAsync(
                open,
                attempt.IsWithdrawal ? TransactionEndKind.Withdrawn
                    : receipt.HasSucceeded ? TransactionEndKind.Landed
                    : TransactionEndKind.Reverted).ConfigureAwait(false);
        }
    }

    private async Task<LaneReply> UnderstandAsync(
        OpenTransaction open, TransactionAttempt attempt, TransactionReceipt receipt, BlockStamp block)
    {
        if (attempt.IsWithdrawal)
        {
            var pointless = open.PointlessBecause ?? new BareRevert();
            return new LaneReply(
                new TransactionRefused(
                    pointless.Refusal,
                    $"{open.Purpose} was withdrawn: it would have reverted with {pointless.Text}."),
                Error: pointless);
        }

        if (receipt.HasSucceeded)
        {
            return new LaneReply(new TransactionLanded(block), receipt);
        }

        var (error, reason) = UnsignedTransaction.TryDecode(attempt.Unsigned.AsSpan(), out var sent)
            ? await _replay.ExplainAsync(sent, receipt, _life.Token).ConfigureAwait(false)
            : (null, "what was sent can't be read");
        var detail = $"{open.Purpose} was reverted in block {block.Number}: {reason}.";
        return error is null
            ? LaneReply.NotSent(detail) // No word of the contract against another try.
            : new LaneReply(new TransactionRefused(error.Refusal, detail), Error: error);
    }

    private async Task<BlockStamp?> FindStampAsync(Bytes32 block)
    {
        if (_chain.Head is { } head && head.Hash == block)
        {
            return head;
        }

        var reply = await _transport.AskAsync(NodeQuestions.GetBlockByHash(block), _life.Token).ConfigureAwait(false);
        return reply is RpcResult result && BlockHeader.TryRead(result.Json.Span, out var stamp, out _)
            ? stamp with { Hash = block }
            : null;
    }

    // In no block, as far as the node knows. What a node says that lags is put right by the next pass.
    private async Task LoseAsync(OpenTransaction open, ulong landed)
    {
        if (open.Receipt is not null)
        {
            open.Reopen();
            Tell(TransactionNoticeKind.Reorganised, open, $"{open.Purpose} is no longer in a block.");
        }

        if (landed > open.Nonce)
        {
            await MissAsync(open).ConfigureAwait(false);
        }
        else if (landed == open.Nonce || !open.IsFromBefore)
        {
            open.StopMissing();
            await PushAsync(open, isNext: landed == open.Nonce).ConfigureAwait(false);
        }
    }

    // Its nonce is used, and the node shows no receipt of anything that we sent under it. That is no answer yet: it may
    // lag, or have lost its answer, or keep no receipts.
    private async Task MissAsync(OpenTransaction open)
    {
        var since = open.Miss(Moment);
        var isUnnamed = open.Attempts[^1].Hash is null;
        var isLong = Moment.IsPast(since, BlocksOfDoubt, TimeOfDoubt);
        if ((isUnnamed || isLong) && open.UsedBy is null)
        {
            await SearchAsync(open, since).ConfigureAwait(false);
        }

        if (isUnnamed && open.UsedBy is { } hash)
        {
            await SetHashAsync(open, hash).ConfigureAwait(false);
            WantPass();
            return;
        }

        if (isLong)
        {
            open.Doubt($"Nonce {open.Nonce} of {open.Purpose} is used, and the node shows no receipt of it.", _scheduler);
        }

        if (_chain.Final is { } final && final.Number >= since.Block && _clock.Elapsed >= since.At + LongAbsence
            && await IsGoneAsync(open, final).ConfigureAwait(false))
        {
            var said = $"Another transaction of the account used nonce {open.Nonce} of {open.Purpose}.";
            Tell(TransactionNoticeKind.Superseded, open, said);
            open.Conclude(
                open.Attempts.Any(attempt => attempt.Hash is null)
                    ? LaneReply.InDoubt($"{open.Purpose} was sent by the node, and can't be found.")
                    : LaneReply.NotSent(said),
                _scheduler);
            await EndAsync(open, TransactionEndKind.Superseded).ConfigureAwait(false);
        }
    }

    // Which transaction used the nonce stands in a block from when it was sent until its nonce was seen to be used.
    private async Task SearchAsync(OpenTransaction open, Moment since)
    {
        var from = open.SearchNext ?? (open.IsRestored
            ? since.Block - Math.Min(since.Block, NonceSearch.MostBlocks)
            : open.Since ?? since.Block);
        (open.UsedBy, open.SearchNext) = await _search
            .FindAsync(open.Nonce, from, Math.Min(Head, since.Block + BlocksOfDoubt), _life.Token).ConfigureAwait(false);
    }

    // The nonce is used in a block that stays for good, and by nothing of ours, as far as anybody knows.
    private async Task<bool> IsGoneAsync(OpenTransaction open, BlockStamp final)
    {
        var hashes = open.Attempts.Select(attempt => attempt.Hash).OfType<Bytes32>().ToList();
        if (open.UsedBy is { } user && hashes.Contains(user))
        {
            return false;
        }

        var replies = await _transport.AskAsync(
            [
                NodeQuestions.GetTransactionCount(_sender.Account, BlockTag.At(final.Number)),
                .. hashes.Select(NodeQuestions.GetTransactionByHash),
            ],
            _life.Token).ConfigureAwait(false);
        return replies[0] is RpcResult count && NodeAnswers.ReadNumber(count) > open.Nonce
            && replies.Skip(1).All(IsNothing);
    }

    // What is next for the chain may be judged as of a block; what comes later, not yet, nor does it wait for long.
    private async Task PushAsync(OpenTransaction open, bool isNext)
    {
        open.Attempted = isNext ? open.Attempted ?? Moment : Moment;
        var (quote, _) = await _fees.QuoteAsync(Head, _life.Token).ConfigureAwait(false);
        var isTooCheap = open.Last.Fees.MostWeiPerGas < quote?.BaseFee;
        var isStuck = Moment.IsPast(open.Attempted.Value, _options.StuckAfterBlocks, _options.StuckAfter);
        if (isNext && (isStuck || isTooCheap || open.IsFromBefore) && await WouldRevertAsync(open).ConfigureAwait(false))
        {
            // To pay more for that makes no sense, unless it is in the way of others.
            isStuck = false;
        }

        open.IsFromBefore = false;
        if (quote is not null && (isStuck || isTooCheap || open.PointlessBecause is not null))
        {
            await ReplaceAsync(open, quote).ConfigureAwait(false);
        }
        else if (!open.IsDelivered
            || open.OfferedAt is not { } offered || _clock.Elapsed >= offered + _options.WatchInterval)
        {
            await OfferAgainAsync(open, quote).ConfigureAwait(false);
        }
    }

    // That it would revert is news. It is pointless only if it would also as of a block that stays for good, and that had
    // already all that it was sent for.
    private async Task<bool> WouldRevertAsync(OpenTransaction open)
    {
        if (open.PointlessBecause is not null)
        {
            return true;
        }

        if (_chain.Head is not { } head || await FindRevertAsync(open, head).ConfigureAwait(false) is null)
        {
            return false;
        }

        open.PointlessBecause = _chain.Final is { } final && final.Number >= open.Since
            ? await FindRevertAsync(open, final).ConfigureAwait(false)
            : null;
        return true;
    }

    private async Task<ContractError?> FindRevertAsync(OpenTransaction open, BlockStamp asOf)
    {
        try
        {
            var answers = await _caller.AskAsync([open.Call], asOf, _life.Token).ConfigureAwait(false);
            return (answers[0] as CallReverted)?.Error;
        }
        catch (MarketUnavailableException)
        {
            // Nobody says: it goes on as it is.
            return null;
        }
    }

    private async Task ReplaceAsync(OpenTransaction open, FeeQuote quote)
    {
        var isWithdrawal = open.PointlessBecause is not null;
        var fees = quote.Raise(open.Last.Fees, _options.MostFeePerGas);
        var replacement = (isWithdrawal ? await WithdrawAsync(open).ConfigureAwait(false) : Repeat(open)) with
        {
            Fees = fees ?? open.Last.Fees,
        };
        var excess = fees is null
            ? $"The fees are at the limit of {EtherAmount.Gwei(_options.MostFeePerGas)} for a unit of gas."
            : _spent.FindExcess(
                replacement,
                _open.Values.Where(other => other != open).Select(_spent.MostOf),
                _scheduler.Now);
        if (excess is not null)
        {
            Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {excess}");
            open.Attempted = Moment;
            await OfferAgainAsync(open, null).ConfigureAwait(false);
            return;
        }

        if (await AddAttemptAsync(open, replacement, isWithdrawal).ConfigureAwait(false) is { } failed)
        {
            Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {failed.Detail}");
            return;
        }

        await OfferLastAsync(open).ConfigureAwait(false);
        Tell(
            isWithdrawal ? TransactionNoticeKind.Withdrawn : TransactionNoticeKind.Replaced,
            open,
            isWithdrawal
                ? $"{open.Purpose} is being withdrawn: it would revert with {open.PointlessBecause!.Text}."
                : $"{open.Purpose} was in no block: it was sent again at {EtherAmount.Gwei(fees!.MostWeiPerGas)} for a unit of gas.");
    }

    private static UnsignedTransaction Repeat(OpenTransaction open) =>
        open.Last with { To = open.Call.To, Data = open.Call.Data };

    // Nothing to the account itself, for what a transfer takes on this chain.
    private async Task<UnsignedTransaction> WithdrawAsync(OpenTransaction open)
    {
        const ulong UsualGas = 21_000;
        var gas = await _estimator.AskTransferAsync(_sender.Account, _life.Token).ConfigureAwait(false);
        return open.Last with { To = _sender.Account, Data = [], GasLimit = gas ?? UsualGas };
    }

    private async Task OfferAgainAsync(OpenTransaction open, FeeQuote? quote)
    {
        var (verdict, said) = await OfferLastAsync(open).ConfigureAwait(false);
        if (verdict == PoolVerdict.ReplacementTooCheap)
        {
            // The node has one of the dearer attempts, or of another program's: either way the nonce is taken care of.
            open.IsDelivered = true;
        }
        else if (verdict == PoolVerdict.TooCheap && quote is not null)
        {
            await ReplaceAsync(open, quote).ConfigureAwait(false);
        }
        else if (verdict is PoolVerdict.Rejected or PoolVerdict.Unclear or PoolVerdict.NotNow)
        {
            Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} was sent before, but not again. {said}");
        }
    }

    /// <summary>What was seen of a transaction.</summary>
    /// <param name="Attempt">Which of its attempts is in a block, if any.</param>
    /// <param name="Receipt">That attempt's receipt.</param>
    /// <param name="IsCertain">Whether the node answered for all attempts.</param>
    private readonly record struct Sighting(
        TransactionAttempt? Attempt, TransactionReceipt? Receipt, bool IsCertain);
}
