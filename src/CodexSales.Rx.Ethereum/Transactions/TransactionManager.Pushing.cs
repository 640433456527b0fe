using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <content>What is done about transactions that no block takes.</content>
internal sealed partial class TransactionManager
{
    // A transaction is replaced no more often than that.
    private static readonly TimeSpan BetweenReplacements = TimeSpan.FromSeconds(30);

    // Nor is what the node has not taken offered more often than that.
    private static readonly TimeSpan BetweenOffers = TimeSpan.FromSeconds(1);

    private static readonly ContractError _proofOfAnotherPeriod =
        ContractError.Of(new ContractFunction("Proofs_InvalidProof()").GetSelector());

    private ulong? _transferGas;

    // Only the lowest nonce that is not mined can be simulated on the latest state, and is replaced when it is stuck. Later
    // ones wait for it, unless the base fee has risen above what they offer: then they can't be mined even in their turn.
    private async Task<Draft?> PushAsync(OpenTransaction open, bool isNext, FeeQuote? quote)
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
            // To pay more for that makes no sense, unless it is in the way of others.
            isStuck &= _open.Keys.Last() > open.Nonce;
        }

        open.IsRecovered = false;
        var isToBeWithdrawn = open.RevertReason is not null && !open.Attempts[^1].IsCancellation;
        if (mayReplace && (isStuck || isTooCheap || isToBeWithdrawn)
            && await ReplaceAsync(open, quote!).ConfigureAwait(false) is { } draft)
        {
            return draft;
        }

        open.IsToBeSent = !(isOver && isToBeWithdrawn) && (open.OfferedAt is not { } offered
            || _clock.Elapsed >= offered + (open.IsDelivered ? _options.WatchInterval : BetweenOffers));
        return null;
    }

    // Whether a told block is of a later period than its proof: no other one can take it any more.
    private bool IsOver(OpenTransaction open) => EndOf(open) < _chain.Head?.Time;

    private UnixSeconds? EndOf(OpenTransaction open) =>
        open.Until ?? (open.Purpose.Period is { } period && ProofPeriodSeconds > 0
            ? new UnixSeconds(((period + 1) * ProofPeriodSeconds) - 1)
            : null);

    // That it would revert is news. It is pointless only if it would also as of a block that stays for good, and that had
    // already all that it was sent for.
    private async Task<bool> WouldRevertAsync(OpenTransaction open)
    {
        if (open.RevertReason is not null)
        {
            return true;
        }

        if (_chain.Head is not { } head || await FindRevertAsync(open, head).ConfigureAwait(false) is null)
        {
            return false;
        }

        open.RevertReason = _chain.Final is { } final && final.Number >= open.Since
            ? await FindRevertAsync(open, final).ConfigureAwait(false)
            : null;
        return true;
    }

    private async Task<ContractError?> FindRevertAsync(OpenTransaction open, BlockStamp asOf)
    {
        try
        {
            var answers = await _caller.AskAsync([open.Call], asOf, _isOver).ConfigureAwait(false);
            return (answers[0] as CallReverted)?.Error;
        }
        catch (MarketUnavailableException)
        {
            // Nobody says: it goes on as it is.
            return null;
        }
    }

    private async Task<Draft?> ReplaceAsync(OpenTransaction open, FeeQuote quote)
    {
        open.ReplacedAt = _clock.Elapsed;
        var isWithdrawal = open.RevertReason is not null;
        var fees = quote.Raise(open.Last.Fees, _options.MaxFeePerGas);
        var replacement = (isWithdrawal ? await WithdrawAsync(open).ConfigureAwait(false) : Repeat(open)) with
        {
            Fees = fees ?? open.Last.Fees,
        };
        var excess = fees is null
            ? $"The fees are at the limit of {EtherAmount.Gwei(_options.MaxFeePerGas)} for a unit of gas."
            : _spent.FindExcess(
                open.Purpose.Kind,
                FeesPaid.Likely(replacement, open.LikelyGas ?? replacement.GasLimit, quote),
                _open.Values.Where(other => other != open).Select(other => other.LikelyWei(quote)),
                _scheduler.Now);
        if (excess is null)
        {
            return new Draft(open, replacement, isWithdrawal, isWithdrawal
                ? $"{open.Purpose} is being withdrawn: it would revert with {open.RevertReason!.Text}."
                : $"{open.Purpose} was in no block: it is sent again at {EtherAmount.Gwei(fees!.MostWeiPerGas)} for a unit of gas.");
        }

        Tell(TransactionNoticeKind.Trouble, open, $"{open.Purpose} is stuck. {excess}");
        open.Attempted = Moment;
        return null;
    }

    private static UnsignedTransaction Repeat(OpenTransaction open) =>
        open.Last with { To = open.Call.To, Data = open.Call.Data };

    // Nothing to the account itself, for what a transfer takes on this chain.
    private async Task<UnsignedTransaction> WithdrawAsync(OpenTransaction open)
    {
        const ulong UsualGas = 21_000;
        _transferGas ??= await _estimator.AskTransferAsync(_sender.Account, _isOver).ConfigureAwait(false);
        return open.Last with { To = _sender.Account, Data = [], GasLimit = _transferGas ?? UsualGas };
    }
}
