namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>Transactions that are in no block: they are sent again, replaced or cancelled.</content>
internal sealed partial class TransactionManager
{
    // No more than one replacement of a transaction in so long.
    private static readonly TimeSpan BetweenReplacements = TimeSpan.FromSeconds(30);

    // No more than one try in so long to send a transaction that the node has not taken.
    private static readonly TimeSpan BetweenOffers = TimeSpan.FromSeconds(1);

    private static readonly ContractError _proofOfAnotherPeriod =
        ContractError.Of(new ContractFunction("Proofs_InvalidProof()").GetSelector());

    private ulong? _transferGas;

    // Only the lowest nonce that is not mined can be simulated on the latest state, and is replaced when it is stuck.
    // Later ones wait for it, unless the base fee has risen above their offer: then they can't be mined even in their
    // turn.
    private async Task<Draft?> ResubmitAsync(OpenTransaction open, bool isNext, FeeQuote? quote)
    {
        open.Attempted = isNext ? open.Attempted ?? Moment : Moment;
        var isOver = IsOver(open);
        if (isOver)
        {
            open.RevertReason ??= _proofOfAnotherPeriod;
        }

        var isTooCheap = open.IsFoundTooCheap || open.Last.Fees.MostWeiPerGas < quote?.BaseFee;
        var isStuck = isNext && Moment.IsPast(open.Attempted.Value, _options.StuckAfterBlocks, _options.StuckAfter);
        var mayReplace = quote is not null && !(_clock.Elapsed - open.ReplacedAt < BetweenReplacements);
        if (isNext && (((isStuck || isTooCheap) && mayReplace) || open.IsRecovered)
            && await WouldRevertAsync(open).ConfigureAwait(false))
        {
            // A higher price for a revert makes no sense, unless it is in the way of others.
            isStuck &= _open.Keys.Last() > open.Nonce;
        }

        open.IsRecovered = false;
        var isToBeCancelled = open.RevertReason is not null && !open.Attempts[^1].IsCancellation;
        if (mayReplace && (isStuck || isTooCheap || isToBeCancelled)
            && await ReplaceAsync(open, quote!).ConfigureAwait(false) is { } draft)
        {
            return draft;
        }

        open.IsToBeSent = !(isOver && isToBeCancelled) && (open.OfferedAt is not { } offered
            || _clock.Elapsed >= offered + (open.IsDelivered ? _options.WatchInterval : BetweenOffers));
        return null;
    }

    // Whether a told block is of a later period than its proof, which no block can take any more.
    private bool IsOver(OpenTransaction open) => EndOf(open) < _chain.Head?.Time;

    private UnixSeconds? EndOf(OpenTransaction open) =>
        open.Until ?? (open.Purpose.Period is { } period && ProofPeriodSeconds > 0
            ? new UnixSeconds(((period + 1) * ProofPeriodSeconds) - 1)
            : null);

    // A revert as of the newest block may pass; as of a final block that is not older than the transaction, it stays.
    private async Task<bool> WouldRevertAsync(OpenTransaction open)
    {
        if (open.RevertReason is not null)
        {
            return true;
        }

        if (_chain.Head is not { } head
            || await TryCallAsync(open.Call, head).ConfigureAwait(false) is not CallReverted)
        {
            return false;
        }

        open.RevertReason = _chain.Final is { } final && final.Number >= open.Since
            ? (await TryCallAsync(open.Call, final).ConfigureAwait(false) as CallReverted)?.Error
            : null;
        return true;
    }

    // Null when the node does not say.
    private async Task<CallAnswer?> TryCallAsync(ContractCall call, BlockStamp asOf)
    {
        try
        {
            return (await _caller.AskAsync([call], asOf, _isOver).ConfigureAwait(false))[0];
        }
        catch (MarketUnavailableException)
        {
            return null;
        }
    }

    private async Task<Draft?> ReplaceAsync(OpenTransaction open, FeeQuote quote)
    {
        open.ReplacedAt = _clock.Elapsed;
        var isCancellation = open.RevertReason is not null;
        var fees = quote.Raise(open.Last.Fees, _options.MaxFeePerGas);
        var changed = isCancellation
            ? await CancellationAsync(open).ConfigureAwait(false)
            : open.Last with { To = open.Call.To, Data = open.Call.Data };
        var replacement = changed with { Fees = fees ?? open.Last.Fees };
        var excess = fees is null
            ? $"The fees are at the limit of {EtherAmount.Gwei(_options.MaxFeePerGas)} for a unit of gas."
            : _spent.FindExcess(
                open.Purpose.Kind,
                FeesPaid.Likely(replacement, open.LikelyGas ?? replacement.GasLimit, quote),
                _open.Values.Where(other => other != open).Select(other => other.LikelyWei(quote)),
                _scheduler.Now);
        if (excess is null)
        {
            return new Draft(open, replacement, isCancellation, isCancellation
                ? $"{open.Purpose} is being cancelled: it would revert with {open.RevertReason!.Text}."
                : $"{open.Purpose} was in no block: it is sent again at {EtherAmount.Gwei(fees!.MostWeiPerGas)} for a "
                    + "unit of gas.");
        }

        Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {excess}");
        open.Attempted = Moment;
        return null;
    }

    // A transfer of nothing to the account itself, with the gas that it takes on this chain.
    private async Task<UnsignedTransaction> CancellationAsync(OpenTransaction open)
    {
        const ulong UsualGas = 21_000;
        _transferGas ??= await _estimator.AskTransferAsync(_sender.Account, _isOver).ConfigureAwait(false);
        return open.Last with { To = _sender.Account, Data = [], GasLimit = _transferGas ?? UsualGas };
    }
}
