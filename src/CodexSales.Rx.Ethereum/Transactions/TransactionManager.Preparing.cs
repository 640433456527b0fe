namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>From wishes to transactions with a nonce and a price.</content>
internal sealed partial class TransactionManager
{
    // The estimates of all wishes; and, for fills, the allowance and the estimate of an approval.
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
        return new Estimates(
            replies,
            new AllowanceQuestion(
                newest, message.Add(NodeQuestions.Call(AllowanceCall(fills[0]), BlockTag.Of(newest)))),
            (approval, message.Add(NodeQuestions.EstimateGas(approval.Call, tag))));
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

        var estimates = await _estimator.ReadAsync(answered, _isOver).ConfigureAwait(false);
        var ready = wishes.Zip(estimates)
            .Select(one => Judge(one.First, one.Second, quote, problem))
            .OfType<Ready>()
            .ToList();
        var covered = await CoverAsync(ready, asked, estimates[^1]).ConfigureAwait(false);
        return quote is null ? [] : GiveNonces(covered, quote, counts);
    }

    // Null for a wish that is over, or postponed.
    private Ready? Judge(Wish wish, GasEstimate estimate, FeeQuote? quote, string problem)
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
                GiveUp(wish, unknown.Detail);
                return null;
            case var _ when quote is null:
                Postpone(wish, problem);
                return null;
            case var _ when quote.BaseFee > _options.MaxFeePerGas:
                GiveUp(wish, $"A unit of gas costs {EtherAmount.Gwei(quote.BaseFee)}, and the limit is "
                    + $"{EtherAmount.Gwei(_options.MaxFeePerGas)}.");
                return null;
            case GasNeeded needed:
                return new Ready(wish, _options.GasLimitOf(wish.Purpose.Kind, needed.Gas), needed.Gas);

            // Only the allowance is missing, the last check of the contract before it takes the collateral.
            default:
                return new Ready(wish, _options.UnestimatedFillGas, _options.UnestimatedFillGas / 2, IsShort: true);
        }
    }

    // Puts an approval in front of the fills where the allowance is too small for all of them.
    private async Task<List<Ready>> CoverAsync(List<Ready> ready, Estimates asked, GasEstimate toApprove)
    {
        var fills = ready.Where(one => one.Wish.Intent.Token is not null).Select(one => one.Wish).ToList();
        if (fills.Count == 0)
        {
            return ready;
        }

        var others = ready.Where(one => one.Wish.Intent.Token is null).ToList();
        var (allowed, problem) = asked is { Allowance: { } allowance, Approval: not null }
            ? await ReadAllowanceAsync(allowance, fills[0]).ConfigureAwait(false)
            : (null, "No block is known yet.");
        if (allowed is not { } tokens)
        {
            fills.ForEach(wish => Postpone(wish, problem));
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

        if (toApprove is GasNeeded { Gas: var gas })
        {
            var wish = Wish.Own(Approval(fills), _clock.Elapsed + _options.PrepareDeadline);
            _waiting.Add(wish);
            var place = ready.FindIndex(one => one.Wish.Intent.Token is not null);
            var approval = new Ready(wish, _options.GasLimitOf(TransactionKind.Approve, gas), gas);
            return [.. ready[..place], approval, .. ready[place..]];
        }

        fills.ForEach(fill =>
        {
            if (toApprove is WouldRevert revert)
            {
                Complete(fill, TransactionReply.Refused(fill.Purpose, revert.Error));
            }
            else
            {
                Postpone(fill, ((GasUnknown)toApprove).Detail);
            }
        });
        return others;
    }

    // The purposes in flight in the order of their nonces, above the highest nonce that is mined.
    private IEnumerable<TransactionPurpose> InFlight()
    {
        var landed = _open.Values.LastOrDefault(open => open.Receipt is not null)?.Nonce;
        return _open.Values.Where(open => landed is null || open.Nonce > landed).Select(open => open.Purpose);
    }

    private async Task<(UInt256? Allowed, string Problem)> ReadAllowanceAsync(AllowanceQuestion asked, Wish fill)
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
        catch (MarketUnavailableException unavailable)
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

        var inFlight = _open.Values.Aggregate(UInt256.Zero, (sum, open) => Wei.Add(sum, open.LikelyWei(quote)));
        var drafts = new List<Draft>();
        foreach (var one in ready)
        {
            var wish = one.Wish;
            var fees = wish.TooCheap is { } refused ? quote.Raise(refused, _options.MaxFeePerGas) : quote.Fees;
            var transaction = Transaction(one, NonceFor(wish, counts), fees ?? quote.Fees);
            var likely = FeesPaid.Likely(transaction, one.LikelyGas, quote);
            var excess = fees is null
                ? wish.Problem
                : _spent.FindExcess(wish.Purpose.Kind, likely, [inFlight], _scheduler.Now)
                    ?? SpendLedger.FindShortage(wish.Purpose.Kind, transaction, quote);
            if (excess is not null)
            {
                GiveUp(wish, excess);
                continue;
            }

            inFlight = Wei.Add(inFlight, likely);
            _waiting.Remove(wish);
            _open[transaction.Nonce] = new OpenTransaction(wish.Purpose, transaction.Nonce, wish.Intent.Call)
            {
                Wish = wish, Until = wish.Intent.Until, LikelyGas = one.LikelyGas,
            };
            drafts.Add(new Draft(_open[transaction.Nonce], transaction));
        }

        return drafts;
    }

    private UnsignedTransaction Transaction(Ready ready, ulong nonce, TransactionFees fees) => new()
    {
        ChainId = _sender.ChainId,
        Nonce = nonce,
        To = ready.Wish.Intent.Call.To,
        Data = ready.Wish.Intent.Call.Data,
        GasLimit = ready.GasLimit,
        Fees = fees,
    };

    // The wish's own nonce, or the first one that is not in use here: that fills gaps, unless one is an approval's own.
    private ulong NonceFor(Wish wish, Counts counts)
    {
        if (wish.Nonce is { } own && own >= counts.InBlocks && !_open.ContainsKey(own))
        {
            return own;
        }

        var nonce = Math.Max(counts.InBlocks ?? 0, counts.InPool ?? 0);
        while (_open.ContainsKey(nonce) || _waiting.Exists(other => other.Nonce == nonce))
        {
            nonce++;
        }

        return nonce;
    }

    private readonly record struct Estimates(
        List<Func<RpcReply>> Replies,
        AllowanceQuestion? Allowance,
        (TransactionIntent Intent, Func<RpcReply> Reply)? Approval);

    private readonly record struct AllowanceQuestion(BlockStamp AsOf, Func<RpcReply> Reply);

    /// <summary>A transaction but for nonce and price; <c>IsShort</c> when its allowance is missing now.</summary>
    private sealed record Ready(Wish Wish, ulong GasLimit, ulong LikelyGas, bool IsShort = false);
}
