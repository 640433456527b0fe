using System.Reactive;
using System.Reactive.Subjects;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx.Working;

/// <summary>The stage between queue and sales: a bounded number of workers, each acquiring one slot.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>What happens</term><description>What follows</description></listheader>
/// <item><term>A slot enters the queue</term><description>
/// A ticket is handed out, unless there are as many as slots.
/// </description></item>
/// <item><term>A worker is free</term><description>
/// It redeems the oldest ticket for the slot that is best at that moment.
/// </description></item>
/// <item><term>A slot leaves the queue</term><description>
/// A ticket is stale: it is redeemed for nothing, at no cost.
/// </description></item>
/// <item><term>The limit is raised, or sales resume</term><description>Workers start at once.</description></item>
/// <item><term>The limit is lowered, or sales are paused</term><description>
/// Busy workers finish; then fewer start, or none.
/// </description></item>
/// </list>
/// <para>
/// Merging tickets, and not slots, keeps the choice open until the last moment: <c>Merge</c> hands on in the order of
/// arrival. There are never more tickets than slots at some moment, so never more than the queue's capacity.
/// </para>
/// <para>
/// Cost: O(log n) for each slot that is taken, in a queue of n; O(1) for a stale ticket. A ticket is 16 bytes.
/// </para>
/// <para>
/// Threading: every public member may be used from any thread; changes are made on the core scheduler, and after the pipeline's
/// end they throw an <see cref="ObjectDisposedException"/>. Subscribers are notified there.
/// </para>
/// </remarks>
#pragma warning disable CA1001 // The pipeline ends it; nobody else may.
public sealed class Workers
#pragma warning restore CA1001
{
    private readonly int _most;
    private readonly SlotQueue _queue;
    private readonly Core _core;
    private readonly Publication<WorkerStatus> _status;
    private volatile WorkerStatus _current;
    private readonly Subject<Unit> _gate = new();

    // When each ticket that is outstanding was handed out, the oldest first.
    private readonly Queue<DateTimeOffset> _tickets = new();
    private int _limit;
    private bool _isPaused;
    private bool _isStopping;
    private string? _heldBecause;
    private int _busy;

    // In the middle of a block, or of the past, the queue does not hold all there is to choose from.
    private bool _areEventsTold;
    private bool _isPastTold;

    // Why nothing new may begin, given how many are busy; null when it may. Asked again after each block.
    private readonly Func<int, IdleReason?> _whyNot;

    internal Workers(
        int limit,
        int most,
        SlotQueue queue,
        IScheduler core,
        Action<Exception> subscriberFailed,
        Func<int, IdleReason?>? whyNot = null)
    {
        (_limit, _most, _queue, _core, _whyNot) = (limit, most, queue, Core.On(core), whyNot ?? (_ => null));
        _current = Describe();
        _status = new Publication<WorkerStatus>(_core, subscriberFailed, () => _current);
    }

    /// <summary>What the workers are doing: now, and after each change. Notified on the core scheduler.</summary>
    public IObservable<WorkerStatus> Status => _status;

    /// <summary>The tickets: at least one for each slot that may be taken, and never more than were queued.</summary>
    public int Tickets => _tickets.Count;

    /// <summary>What the workers are doing now, or were when they were disposed of.</summary>
    public WorkerStatus Snapshot => _current;

    /// <summary>Lets no new sale start, for maintenance. Sales that run go on.</summary>
    public void Pause() => _core.Command(() => Set(_limit, isPaused: true));

    /// <summary>Lets sales start again.</summary>
    public void Resume() => _core.Command(() => Set(_limit, isPaused: false));

    /// <summary>
    /// Lets no new sale start for a reason of the host app's, such as a disk that is nearly full; sales that run go on.
    /// Independent of <see cref="Pause"/>.
    /// </summary>
    /// <param name="because">The reason, in a sentence for the operator that <c>Health</c> repeats; null when it is over.</param>
    public void Hold(string? because) => _core.Command(() =>
    {
        _heldBecause = because;
        Set(_limit, _isPaused);
    });

    /// <summary>Sets how many workers may be busy at once.</summary>
    /// <param name="limit">From 0 to the pipeline's <c>MaxWorkers</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 0 or above that.</exception>
    public void SetLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, _most);
        _core.Command(() => Set(limit, _isPaused));
    }

    /// <summary>An event was told: with it, all events of its block, or not yet. No worker chooses before, so that none
    /// takes the first slot in place of the best.</summary>
    internal void NoteEvents(bool areTold)
    {
        _areEventsTold = areTold;
        if (areTold)
        {
            _isPastTold = true;
            Publish();
            _gate.OnNext(Unit.Default);
        }
    }

    /// <summary>Lets no new sale start any more. On the core.</summary>
    internal void Stop()
    {
        _isStopping = true;
        Set(_limit, isPaused: true);
    }

    internal void Dispose()
    {
        _status.Complete();
        _gate.Dispose();
    }

    /// <summary>Gives each free worker the best slot there is at that moment, and notifies of all that comes of it.
    /// Workers are busy first with what a restart interrupted, whatever their limit.</summary>
    /// <param name="acquire">What a worker is busy with until it completes. Must begin on its own, not inside of the
    /// subscription.</param>
    /// <param name="interrupted">What was being acquired when the process before ended.</param>
    internal IObservable<T> Occupy<T>(
        Func<OpenSlot, IObservable<T>> acquire, IReadOnlyList<IObservable<T>>? interrupted = null)
    {
        interrupted ??= [];
        // A stale ticket completes on the thread's trampoline: a row of them would otherwise recurse inside Merge.
        var stale = Observable.Empty<T>(CurrentThreadScheduler.Instance);
        Action end = () => Busy(-1);
        Func<IObservable<T>> redeem = Redeem;
        var turn = Observable.Defer(() => WhenAllowed(redeem));
        var tickets = _queue.Connect().ObserveOn(_core).SelectMany(_ => HandOut(turn));
        return interrupted.Select(Finish).ToObservable(ImmediateScheduler.Instance)
            .Concat(tickets)
            .Merge(maxConcurrent: Math.Max(_most, interrupted.Count));

        IObservable<T> Finish(IObservable<T> sale) => Observable.Defer(() =>
        {
            Busy(+1);
            return sale.Do(static _ => { }, end);
        });

        IObservable<T> Redeem()
        {
            _tickets.Dequeue();
            if (_queue.TakeBest() is not { } best)
            {
                Publish();
                return stale;
            }

            Busy(+1);
            return acquire(best).Do(static _ => { }, end);
        }
    }

    // As many tickets as there are slots to take, counting those that are out already.
    private IEnumerable<IObservable<T>> HandOut<T>(IObservable<T> ticket)
    {
        var missing = Math.Max(0, _queue.TakeableCount - _tickets.Count);
        for (var i = 0; i < missing; i++)
        {
            _tickets.Enqueue(_core.Now);
        }

        Publish();
        return Enumerable.Repeat(ticket, missing);
    }

    // Asked anew at each block for as long as it takes: nothing may grow with that.
    private IObservable<T> WhenAllowed<T>(Func<IObservable<T>> redeem) =>
        MayBegin ? redeem() : _gate.Where(_ => MayBegin).Take(1).SelectMany(_ => redeem());

    private bool MayBegin =>
        _busy < _limit && !_isPaused && _heldBecause is null && _areEventsTold && _whyNot(_busy) is null;

    private void Set(int limit, bool isPaused)
    {
        if (_gate.IsDisposed)
        {
            return;
        }

        (_limit, _isPaused) = (limit, isPaused || _isStopping);
        Publish();
        _gate.OnNext(Unit.Default);
    }

    private void Busy(int change)
    {
        _busy += change;
        Publish();
        if (change < 0)
        {
            _gate.OnNext(Unit.Default);
        }
    }

    // The queue changes far more often than this does.
    private void Publish()
    {
        var last = _current;
        if (last.Busy != _busy || last.Limit != _limit || last.IsPaused != _isPaused || last.HeldBecause != _heldBecause
            || last.Idle != WhyIdle() || last.OldestTicket != OldestTicket)
        {
            _current = Describe();
            _status.Tell(_current);
        }
    }

    private WorkerStatus Describe() =>
        new(_busy, _limit, _isPaused, WhyIdle(), OldestTicket) { HeldBecause = _heldBecause };

    private DateTimeOffset? OldestTicket => _tickets.TryPeek(out var oldest) ? oldest : null;

    private IdleReason? WhyIdle() =>
        _isPaused ? IdleReason.Paused
        : _heldBecause is not null ? IdleReason.Held
        : _limit == 0 ? IdleReason.NoWorkers
        : !_isPastTold ? IdleReason.PastIsBeingTold
        : _busy >= _limit ? null
        : _whyNot(_busy) is { } why ? why
        : _queue.TakeableCount > 0 ? null
        : _queue.Count > 0 ? IdleReason.OnlyDeferredSlots
        : IdleReason.QueueIsEmpty;
}
