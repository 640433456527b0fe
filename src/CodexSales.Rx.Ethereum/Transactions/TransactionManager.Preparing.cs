using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>From what is wanted to what has a nonce and a price.</content>
internal sealed partial class TransactionManager
{
    // The estimates of all; and, where there are fills, what the contract may take and what it takes to allow more.
    private Estimates AskForEstimates(OneMessage message, List<Wish> wishes)
    {
        if (wishes.Count == 0)
        {
            return new Estimates([], null, null);
        }

        var tag = _estimator.TagOf(Newest);
        var replies = wishes.Select(wish => message.Add(NodeQuestions.EstimateGas(wish.Intent.Call, tag))).ToList();
        var fills = wishes.Where(wish => wish.Intent.Token is not null).ToList();
        if (fills.Count == 0 || Newest is not { } newest)
        {
            return new Estimates(replies, null, null);
        }

        var approval = Approval(fills);
        var asOf = newest.Hash == default ? BlockTag.At(newest.Number) : BlockTag.Of(newest.Hash);
        return new Estimates(
            replies,
            new AllowanceQuestion(newest, message.Add(NodeQuestions.Call(AllowanceCall(fills[0]), asOf))),
            new ApprovalQuestion(approval, message.Add(NodeQuestions.EstimateGas(approval.Call, tag))));
    }

    private async Task<List<Draft>> PrepareAsync(
        List<Wish> wishes, Estimates asked, Counts counts, FeeQuote? quote, string problem)
    {
        if (wishes.Count == 0)
        {
            return [];
        }

        var answered = wishes.Zip(asked.Replies, (wish, reply) => (wish.Intent.Call, reply())).ToList();
        if (asked.Approval is { } approval)
        {
            answered.Add((approval.Intent.Call, approval.Reply()));
        }

        var estimates = await _estimator.UnderstandAsync(answered, _isOver).ConfigureAwait(false);
        var ready = wishes.Zip(estimates)
            .Select(one => Understand(one.First, one.Second, quote, problem))
            .OfType<Ready>()
            .ToList();
        var covered = await CoverAsync(ready, asked, estimates[^1]).ConfigureAwait(false);
        return quote is null ? [] : GiveNonces(covered, quote, counts);
    }

    // Null when it is not to be sent, or not now: then it was said so.
    private Ready? Understand(Wish wish, GasEstimate estimate, FeeQuote? quote, string problem)
    {
        switch (estimate)
        {
            case var _ when wish.IsGivenUp:
                _waiting.Remove(wish);
                return null;
            case var _ when IsTooLate(wish.Intent):
                Complete(wish, TransactionReply.TooLate(wish.Purpose));
                return null;
            case WouldRevert revert when wish.Intent.Token is null
                || revert.Error is not TokenShortfall { IsOfAllowance: true }:
                Complete(wish, TransactionReply.Refused(wish.Purpose, revert.Error));
                return null;
            case GasUnknown { IsPassing: true } unknown:
                Postpone(wish, unknown.Detail);
                return null;
            case GasUnknown unknown:
                Complete(wish, NotSent(wish.Purpose, unknown.Detail));
                return null;
            case var _ when quote is null:
                Postpone(wish, problem);
                return null;
            case var _ when quote.BaseFee > _options.MaxFeePerGas:
                Complete(wish, NotSent(
                    wish.Purpose,
                    $"A unit of gas costs {EtherAmount.Gwei(quote.BaseFee)}, and the limit is "
                        + $"{EtherAmount.Gwei(_options.MaxFeePerGas)}."));
                return null;
            case GasNeeded needed:
                return new Ready(wish, _options.GasLimitOf(wish.Purpose.Kind, needed.Gas), needed.Gas);

            // All that the contract looks at before it takes the collateral is as it should be.
            default:
                return new Ready(wish, _options.UnestimatedFillGas, _options.UnestimatedFillGas / 2, IsShort: true);
        }
    }

    // Puts an approval in front of the fills where what is allowed would not do for all of them.
    private async Task<List<Ready>> CoverAsync(List<Ready> ready, Estimates asked, GasEstimate toApprove)
    {
        var fills = ready.Where(one => one.Wish.Intent.Token is not null).Select(one => one.Wish).ToList();
        if (fills.Count == 0)
        {
            return ready;
        }

        var others = ready.Where(one => one.Wish.Intent.Token is null).ToList();
        if (asked is not { Allowance: { } allowance, Approval: not null })
        {
            fills.ForEach(wish => Postpone(wish, "No block is known yet."));
            return others;
        }

        var (allowed, unknown) = await UnderstandAsync(allowance, fills[0]).ConfigureAwait(false);
        if (allowed is not { } tokens)
        {
            fills.ForEach(wish => Postpone(wish, unknown));
            return others;
        }

        var approvals = ready.Select(one => one.Wish.Purpose)
            .Where(purpose => purpose.Kind == TransactionKind.Approve)
            .ToList();
        var left = Allowance.After(tokens, [.. InFlight(), .. approvals]);
        var isShort = ready.Exists(one => one.IsShort) && approvals.Count == 0;
        if (!isShort && left >= Allowance.Sum(fills.Select(wish => wish.Purpose)))
        {
            return ready;
        }

        switch (toApprove)
        {
            case GasNeeded needed:
                var wish = Wish.Own(Approval(fills), _clock.Elapsed + _options.PrepareDeadline);
                _waiting.Add(wish);
                var approval = new Ready(
                    wish, _options.GasLimitOf(TransactionKind.Approve, needed.Gas), needed.Gas);
                var place = ready.FindIndex(one => one.Wish.Intent.Token is not null);
                return [.. ready[..place], approval, .. ready[place..]];
            case WouldRevert revert:
                fills.ForEach(fill => Complete(fill, TransactionReply.Refused(fill.Purpose, revert.Error)));
                return others;
            case GasUnknown nobodyKnows:
                fills.ForEach(fill => Postpone(fill, nobodyKnows.Detail));
                return others;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // The purposes of what is on its way, in the order in which it lands. What is in a block, or before one that is, has
    // landed.
    private IEnumerable<TransactionPurpose> InFlight()
    {
        var landed = _open.Values.LastOrDefault(open => open.Receipt is not null)?.Nonce;
        return _open.Values.Where(open => landed is null || open.Nonce > landed).Select(open => open.Purpose);
    }

    private async Task<(UInt256? Allowed, string Problem)> UnderstandAsync(AllowanceQuestion asked, Wish fill)
    {
        if (asked.Reply() is RpcResult { } result && NodeAnswers.ReadBytes(result) is { Length: Bytes32.Size } word)
        {
            return (UInt256.FromBigEndian(word), "");
        }

        try
        {
            // A node that takes no hash is asked by the height.
            return (await _caller.AskAsync(AllowanceCall(fill), ReturnValues.Amount, asked.AsOf, _isOver)
                .ConfigureAwait(false), "");
        }
        catch (CodexSales.Rx.Ports.Market.MarketUnavailableException unavailable)
        {
            return (null, unavailable.Message);
        }
    }

    private ContractCall AllowanceCall(Wish fill) =>
        Allowance.Question(_sender.Account, fill.Intent.Token!.Value, fill.Intent.Call.To);

    private TransactionIntent Approval(List<Wish> fills)
    {
        var needed = Allowance.Sum(fills.Select(wish => wish.Purpose));
        var amount = _options.StandingAllowance is { } standing && standing > needed ? standing : needed;
        var intent = fills[0].Intent;
        return new TransactionIntent(
            new TransactionPurpose(TransactionKind.Approve, null, null, amount),
            Allowance.Approval(_sender.Account, intent.Token!.Value, intent.Call.To, amount));
    }

    // In order: each with the next nonce, as long as the limit of the day allows it.
    private List<Draft> GiveNonces(List<Ready> ready, FeeQuote quote, Counts counts)
    {
        if ((counts.InBlocks, counts.InPool) is (null, null))
        {
            ready.ForEach(one => Postpone(
                one.Wish, "The node does not say how many transactions the account has sent."));
            return [];
        }

        var counted = Math.Max(counts.InBlocks ?? 0, counts.InPool ?? 0);
        var inFlight = _open.Values.Aggregate(
            UInt256.Zero, (sum, open) => UInt256.TryAdd(sum, open.LikelyWei(quote), out var more) ? more : sum);
        var drafts = new List<Draft>();
        foreach (var one in ready)
        {
            var wish = one.Wish;
            var fees = wish.TooCheap is { } refused ? quote.Raise(refused, _options.MaxFeePerGas) : quote.Fees;
            var nonce = wish.Nonce is { } own && own >= counts.InBlocks && !_open.ContainsKey(own)
                ? own
                : FirstFree(counted);
            var transaction = new UnsignedTransaction
            {
                ChainId = _sender.ChainId,
                Nonce = nonce,
                To = wish.Intent.Call.To,
                Data = wish.Intent.Call.Data,
                GasLimit = one.GasLimit,
                Fees = fees ?? quote.Fees,
            };
            var likely = FeesPaid.Likely(transaction, one.LikelyGas, quote);
            var excess = fees is null
                ? wish.Problem
                : _spent.FindExcess(wish.Purpose.Kind, likely, [inFlight], _scheduler.Now)
                    ?? SpendLedger.FindShortage(wish.Purpose.Kind, transaction, quote);
            if (excess is not null)
            {
                Complete(wish, NotSent(wish.Purpose, excess));
                continue;
            }

            inFlight = UInt256.TryAdd(inFlight, likely, out var sum) ? sum : UInt256.MaxValue;
            var open = new OpenTransaction(wish.Purpose, nonce, wish.Intent.Call)
            {
                Wish = wish, Until = wish.Intent.Until, LikelyGas = one.LikelyGas,
            };
            _waiting.Remove(wish);
            _open[nonce] = open;
            drafts.Add(new Draft(open, transaction));
        }

        return drafts;
    }

    // The first that is not in use here. A gap that was left is filled, unless an approval comes back for it.
    private ulong FirstFree(ulong nonce)
    {
        while (_open.ContainsKey(nonce) || _waiting.Exists(wish => wish.Nonce == nonce))
        {
            nonce++;
        }

        return nonce;
    }

    /// <summary>What was asked to estimate wishes.</summary>
    private readonly record struct Estimates(
        List<Func<RpcReply>> Replies, AllowanceQuestion? Allowance, ApprovalQuestion? Approval);

    private readonly record struct AllowanceQuestion(CodexSales.Rx.Ports.Market.BlockStamp AsOf, Func<RpcReply> Reply);

    private readonly record struct ApprovalQuestion(TransactionIntent Intent, Func<RpcReply> Reply);

    /// <summary>What can be sent, but for its nonce and price.</summary>
    /// <param name="Wish">What is wanted.</param>
    /// <param name="GasLimit">The gas that it may use.</param>
    /// <param name="LikelyGas">The gas that it is likely to use.</param>
    /// <param name="IsShort">Whether it is not allowed the collateral now.</param>
    private sealed record Ready(Wish Wish, ulong GasLimit, ulong LikelyGas, bool IsShort = false);
}
