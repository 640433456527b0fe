using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Transactions that don't come into a block.</summary>
internal sealed class TransactionRules(AlertLimits limits)
{
    private readonly Dictionary<TransactionPurpose, TransactionNotice> _flying = [];

    public void Note(TransactionNotice notice)
    {
        switch (notice.Kind)
        {
            case TransactionNoticeKind.Sent or TransactionNoticeKind.Unanswered or TransactionNoticeKind.Reorganised:
                _flying.TryAdd(notice.Purpose, notice);
                break;

            // A cancellation takes its nonce, and may be stuck itself: those behind it are told of then.
            case TransactionNoticeKind.Landed or TransactionNoticeKind.Reverted or TransactionNoticeKind.Refused
                or TransactionNoticeKind.NotSent or TransactionNoticeKind.Superseded or TransactionNoticeKind.Cancelled:
                _flying.Remove(notice.Purpose);
                break;

            default:
                break; // It goes on as before.
        }
    }

    /// <summary>The market has ended: what is in flight is watched by the next one.</summary>
    public void Clear() => _flying.Clear();

    public IEnumerable<Sign> Look(HostView view) => _flying.Values
        .Where(sent => view.Now - sent.At >= limits.Now.TransactionStuckAfter)
        .Select(sent => new Sign(
            AlertKind.TransactionStuck,
            AlertSeverity.Critical,
            $"{sent.Purpose}",
            $"{sent.Purpose} is in no block {limits.Now.TransactionStuckAfter} after it was sent, and those after it wait: is the highest fee too low?"));
}
