using System.Runtime.ExceptionServices;
using CodexSales.Rx;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Time;

namespace CodexSales.Node.Replay;

/// <summary>The pipeline on a recorded market, in virtual time: the clock goes from block to block.</summary>
internal sealed class ReplaySession : IDisposable
{
    private readonly VirtualTime _time;
    private readonly IReplayedMarket _market;
    private readonly SalesPipeline _pipeline;
    private readonly ReplayReport _report;
    private readonly CompositeDisposable _subscriptions;
    private readonly bool _isObserved;
    private readonly SalesTally _sales = new();
    private ulong _block;
    private UnixSeconds _lastEnd;
    private int _busyWorkers;
    private Exception? _failure;

    /// <summary>Starts the pipeline at the time of the first block, before it happens.</summary>
    public ReplaySession(ReplayOptions options, BlockStamp first, ReplayReport report)
    {
        _time = new VirtualTime(MomentOf(first.Time));
        (_block, _isObserved, _report) = (first.Number, options.Observe, report);
        var host = new WhatIf(_time, first, options.RepairRewardPercent);
        _market = options.Observe ? new ObservedMarket(host.Rules) : host;
        _pipeline = new SalesPipeline(
            _market.Market,
            host.Storage,
            host.Prover,
            new SalesPipelineOptions { Workers = options.Observe ? 0 : options.Workers, QueueCapacity = options.QueueSize },
            _time);
        _subscriptions =
        [
            _pipeline.Queue.Connect().Subscribe(TellQueue),
            _pipeline.Refusals.Subscribe(refusal => _report.Refused(Now(refusal.At), refusal)),
            _pipeline.Workers.Status.Subscribe(status => _sales.SeeBusyWorkers(_busyWorkers = status.Busy)),
            _pipeline.Steps.Subscribe(TellStep, failure => _failure = failure),
        ];
        _ = _pipeline.StartAsync();
        foreach (var availability in options.Availabilities)
        {
            _ = _pipeline.Availabilities.SaveAsync(availability);
        }

        RunTo(_time.Now);
    }

    /// <summary>Runs what is due before a block, then lets the block happen, and runs what is due at once.</summary>
    /// <remarks>All of that is told as of this block: on chain, too, an expiry counts from the first block past it.</remarks>
    public void Replay(RecordedBlock block)
    {
        _block = block.Stamp.Number;
        RunTo(MomentOf(block.Stamp.Time));
        foreach (var requested in block.Events.OfType<StorageRequested>())
        {
            _lastEnd = requested.EndsAt > _lastEnd ? requested.EndsAt : _lastEnd;
        }

        _market.Happen(block);
        RunTo(_time.Now);
    }

    /// <summary>Goes on after the record until every sale has ended, at most for a day after the last request's end.</summary>
    public void RunUntilSold(CancellationToken cancelled)
    {
        var latest = MomentOf(_lastEnd) + TimeSpan.FromDays(1);
        while (HasWork && _time.NextDue is { } due && due <= latest)
        {
            cancelled.ThrowIfCancellationRequested();
            RunTo(due);
        }
    }

    public ReplaySummary Summarize(ReplayCounts recorded)
    {
        var balances = _pipeline.Availabilities.Snapshot;
        return new ReplaySummary(
            recorded,
            _pipeline.CountOpenSlots(),
            [.. _pipeline.Queue.Snapshot.Items.Select(slot => slot.Slot)],
            _sales,
            balances.Aggregate(UInt256.Zero, (sum, balance) => sum + balance.HeldBytes + balance.UsedBytes),
            balances.Aggregate(UInt256.Zero, (sum, balance) => sum + balance.HeldCollateral));
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _pipeline.Dispose();
        _market.Dispose();
    }

    // Deferred slots, which stand last, wait for an availability to change, which only a sale could bring about.
    private bool HasWork => !_isObserved
        && (_sales.Going > 0 || _busyWorkers > 0 || _pipeline.Queue.Snapshot.Items is [{ IsDeferred: false }, ..]);

    private static DateTimeOffset MomentOf(UnixSeconds time) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(time.Value, RecordedChain.LastTime.Value));

    private void RunTo(DateTimeOffset moment)
    {
        _time.AdvanceTo(moment);
        _report.Flush();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void TellQueue(ChangeSet<OpenSlot, SlotKey, QueueCause> changes)
    {
        // The snapshot of a queue in which nothing has been yet is no news.
        if (!changes.IsSnapshot)
        {
            _report.QueueChanged(Now(_pipeline.ChainTime), _pipeline.Queue.Count, changes);
        }
    }

    private void TellStep(SaleStep step)
    {
        _sales.Add(step);
        _report.SaleStepped(Now(step.At), step);
    }

    private BlockStamp Now(UnixSeconds time) => new(_block, time);
}
