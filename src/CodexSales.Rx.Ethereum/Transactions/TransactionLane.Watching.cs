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
    private async Task WatchAsync()
    {
        if (_open.Count == 0)
        {
            return;
        }

        var watched = _open.Values.ToList();
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

    // One message: how many transactions are in blocks, and a receipt of each that may be.
    private async Task<(ulong? Count, List<Sighting> Sightings)> LookAsync(List<OpenTransaction> watched)
    {
        var attempts = watched.SelectMany(open => open.Attempts)
            .Where(attempt => attempt.Hash is not null)
            .ToList();
        var replies = await _transport.AskAsync(
            [
                NodeQuestions.GetTransactionCount(_sender.Account, NodeQuestions.Latest),
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
        var landed = replies.FirstOrDefault(attempt => TransactionReceipt.Read(found[attempt]) is not null);
        return landed is null
            ? new Sighting(null, null, replies.All(attempt => IsNothing(found[attempt])))
            : new Sighting(landed, TransactionReceipt.Read(found[landed]), IsCertain: true);
    }

    private static bool IsNothing(RpcReply reply) => reply is RpcResult result && NodeAnswers.IsNull(result);

    private async Task FindAsync(OpenTransaction open, TransactionAttempt attempt, TransactionReceipt receipt)
    {
        if (open.Receipt?.BlockHash != receipt.BlockHash)
        {
            if (await FindStampAsync(receipt.BlockHash).ConfigureAwait(false) is not { } block)
            {
                return;
            }

            open.Receipt = receipt;
            open.UsedSince = null;
            var reply = await UnderstandAsync(open, attempt, receipt, block).ConfigureAwait(false);
            Tell(
                attempt.IsWithdrawal ? TransactionNoticeKind.Withdrawn
                    : receipt.HasSucceeded ? TransactionNoticeKind.Landed
                    : TransactionNoticeKind.Reverted,
                open.Purpose,
                open.Nonce,
                attempt.Hash,
                reply.Outcome is TransactionRefused refused
                    ? refused.Detail
                    : $"{open.Purpose} is in block {receipt.BlockNumber}.");
            open.Conclude(reply, _scheduler);
        }

        if (Head >= receipt.BlockNumber + (ulong)_options.BlocksUntilFinal)
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
        return new LaneReply(
            new TransactionRefused(
                error?.Refusal ?? MarketRefusal.Other,
                $"{open.Purpose} was reverted in block {block.Number}: {reason}."),
            Error: error);
    }

    private async Task<BlockStamp?> FindStampAsync(Bytes32 block)
    {
        var reply = await _transport.AskAsync(NodeQuestions.GetBlockByHash(block), _life.Token).ConfigureAwait(false);
        return reply is RpcResult result && BlockHeader.TryRead(result.Json.Span, out var stamp, out _) ? stamp : null;
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
            open.UsedSince = null;
            await PushAsync(open, isNext: landed == open.Nonce).ConfigureAwait(false);
        }
    }

    // Its nonce is used, and nothing that we know of used it: it may be a node that lags, or one that lost its answer.
    private async Task MissAsync(OpenTransaction open)
    {
        open.UsedSince ??= Head;
        if (open.Attempts[^1].Hash is null)
        {
            var (found, next) = await _search.FindAsync(open.Nonce, open.SearchFrom, Head, _life.Token)
                .ConfigureAwait(false);
            open.SearchFrom = next;
            if (found is { } hash)
            {
                await SetHashAsync(open, hash).ConfigureAwait(false);
                WantPass();
                return;
            }
        }

        if (Head >= open.UsedSince + (ulong)_options.BlocksUntilFinal)
        {
            var said = $"Another transaction of the account used nonce {open.Nonce} of {open.Purpose}.";
            Tell(TransactionNoticeKind.Superseded, open, said);
            open.Conclude(
                open.Attempts.Any(attempt => attempt.Hash is null)
                    ? OpenTransaction.InDoubt($"{open.Purpose} was sent by the node, and can't be found.")
                    : LaneReply.Refused(said),
                _scheduler);
            await EndAsync(open, TransactionEndKind.Superseded).ConfigureAwait(false);
        }
    }

    // What is next for the chain may be judged by the newest block; what comes later, not yet.
    private async Task PushAsync(OpenTransaction open, bool isNext)
    {
        open.AttemptedInBlock = open.AttemptedInBlock == 0 ? Head : open.AttemptedInBlock;
        var (quote, _) = await _fees.QuoteAsync(Head, _life.Token).ConfigureAwait(false);
        var isStuck = Head >= open.AttemptedInBlock + (ulong)_options.StuckAfterBlocks
            || (quote is not null && open.Last.Fees.MostWeiPerGas < quote.BaseFee);
        var isPointless = isNext && (isStuck || open.IsFromBefore)
            && await IsPointlessAsync(open).ConfigureAwait(false);
        open.IsFromBefore = false;
        if (quote is not null && (isStuck || isPointless))
        {
            await ReplaceAsync(open, quote).ConfigureAwait(false);
        }
        else if (!open.IsDelivered || _scheduler.Now >= open.OfferedAt + _options.WatchInterval)
        {
            await OfferAgainAsync(open, quote).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsPointlessAsync(OpenTransaction open)
    {
        if (open.PointlessBecause is null
            && await _estimator.AskLatestAsync(open.Call, _life.Token).ConfigureAwait(false) is GasForNothing revert)
        {
            open.PointlessBecause = revert.Error;
        }

        return open.PointlessBecause is not null;
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
            ? $"The fees are at the limit of {_options.MostFeePerGas} wei for a unit of gas."
            : _spent.FindExcess(
                replacement,
                _open.Values.Where(other => other != open).Select(other => other.MostWei),
                _scheduler.Now);
        if (excess is not null)
        {
            Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {excess}");
            open.AttemptedInBlock = Head;
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
                : $"{open.Purpose} was in no block: it was sent again at {fees!.MostWeiPerGas} wei for a unit of gas.");
    }

    private static UnsignedTransaction Repeat(OpenTransaction open) =>
        open.Last with { To = open.Call.To, Data = open.Call.Data };

    // Nothing to the account itself, for what a transfer takes on this chain.
    private async Task<UnsignedTransaction> WithdrawAsync(OpenTransaction open)
    {
        const ulong UsualGas = 21_000;
        var call = new ContractCall(_sender.Account, _sender.Account, "transfer", []);
        var estimate = await _estimator.AskLatestAsync(call, _life.Token).ConfigureAwait(false);
        return open.Last with
        {
            To = _sender.Account,
            Data = [],
            GasLimit = estimate is GasNeeded needed ? needed.Gas : UsualGas,
        };
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
        else if (verdict is PoolVerdict.Rejected or PoolVerdict.Unclear)
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
