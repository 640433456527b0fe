using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Hosting;

/// <summary>
/// One activity for each sale, of the source <see cref="SourceName"/>, with its states as events and its transactions as children.
/// The trace of a sale has the same id before and after a restart, and each of its activities links to it. The app's sampler decides
/// about it as about any trace that begins here, once for each sale and process.
/// </summary>
/// <remarks>Without a listener it costs nothing. Threading: notified on the core, one thing at a time.</remarks>
internal sealed class SalesTraces : IDisposable
{
    public const string SourceName = "CodexSales.Rx";

    private readonly ActivitySource _source = new(SourceName);
    // Null for one that is not to be traced: it is not asked again.
    private readonly Dictionary<SlotKey, Activity?> _sales = [];
    private readonly Dictionary<TransactionPurpose, Activity> _transactions = [];

    public void Note(SaleStep step)
    {
        if (!_sales.TryGetValue(step.Sale.Slot, out var sale))
        {
            if (step.End is not null || !_source.HasListeners())
            {
                return;
            }

            _sales[step.Sale.Slot] = sale = Begin(step.Sale);
        }

        if (sale is null)
        {
            if (step.End is not null)
            {
                _sales.Remove(step.Sale.Slot);
            }

            return;
        }

        sale.AddEvent(new ActivityEvent(
            step.State.ToString(), tags: new() { ["codexsales.chain_time"] = $"{step.At}", ["codexsales.missed_proofs"] = step.MissedProofs }));
        if (step.End is { } end)
        {
            sale.SetTag("codexsales.reason", end.Reason.ToString());
            sale.SetTag("codexsales.earned", $"{end.Earned}");
            sale.SetTag("codexsales.collateral_lost", $"{end.CollateralLost}");
            sale.SetStatus(step.State is SaleStateName.SaleErrored or SaleStateName.SaleFailed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
            sale.Dispose();
            _sales.Remove(step.Sale.Slot);
            foreach (var (purpose, left) in _transactions.Where(each => each.Key.Slot == step.Sale.Slot).ToList())
            {
                left.Dispose();
                _transactions.Remove(purpose);
            }
        }
    }

    public void Note(TransactionNotice notice)
    {
        if (notice.Purpose.Slot is not { } slot || !_sales.TryGetValue(slot, out var sale) || sale is null)
        {
            return;
        }

        if (!_transactions.TryGetValue(notice.Purpose, out var transaction))
        {
            var before = Activity.Current;
            var begun = _source.StartActivity(notice.Purpose.Kind.ToString(), ActivityKind.Client, sale.Context);
            Activity.Current = before;
            if (begun is null)
            {
                return;
            }

            _transactions[notice.Purpose] = transaction = begun;
        }

        transaction.AddEvent(new ActivityEvent(notice.Kind.ToString()));
        if (notice.Kind is TransactionNoticeKind.Landed or TransactionNoticeKind.Reverted or TransactionNoticeKind.Refused
            or TransactionNoticeKind.NotSent or TransactionNoticeKind.Superseded or TransactionNoticeKind.Cancelled)
        {
            transaction.SetTag("codexsales.transaction", $"{notice.Hash}");
            transaction.SetStatus(notice.Kind is TransactionNoticeKind.Landed ? ActivityStatusCode.Ok : ActivityStatusCode.Error, notice.Detail);
            transaction.Dispose();
            _transactions.Remove(notice.Purpose);
        }
    }

    /// <summary>The pipeline has ended: what goes on after it is told by other activities of the same traces.</summary>
    public void EndAll()
    {
        foreach (var activity in _transactions.Values.Concat(_sales.Values))
        {
            activity?.Dispose();
        }

        _transactions.Clear();
        _sales.Clear();
    }

    public void Dispose()
    {
        EndAll();
        _source.Dispose();
    }

    // Begun without a parent, so that the app's sampler is asked; the trace is the sale's all the same.
    private Activity? Begin(Sale sale)
    {
        var trace = ContextOf(sale);
        var before = Activity.Current;
        Activity.Current = null;
        var activity = _source.CreateActivity(
            "sale",
            ActivityKind.Internal,
            default(ActivityContext),
            [
                new("codexsales.request", $"{sale.Slot.RequestId}"),
                new("codexsales.slot", sale.Slot.SlotIndex),
                new("codexsales.sale", sale.Number),
                new("codexsales.reward", $"{sale.Terms.Reward}"),
            ],
            [new ActivityLink(trace)],
            ActivityIdFormat.W3C);
        activity?.SetParentId(trace.TraceId, trace.SpanId, activity.ActivityTraceFlags).Start();
        Activity.Current = before; // Other work on this thread is no part of the sale.
        if (activity is null or { IsAllDataRequested: true })
        {
            return activity;
        }

        activity.Dispose();
        return null;
    }

    private static ActivityContext ContextOf(Sale sale)
    {
        Span<byte> name = stackalloc byte[Bytes32.Size + sizeof(long)];
        sale.Slot.SlotId.Value.CopyTo(name);
        BinaryPrimitives.WriteInt64BigEndian(name[Bytes32.Size..], sale.Number);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(hash[..16]), ActivitySpanId.CreateFromBytes(hash[16..24]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
