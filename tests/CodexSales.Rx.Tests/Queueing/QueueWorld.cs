using CodexSales.Rx.Filtering;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>The stages from events to queue, as the pipeline connects them, without agents.</summary>
internal sealed class QueueWorld : IDisposable
{
    public static readonly UnixSeconds Start = new(1_000_000);

    /// <summary>The first block.</summary>
    public static readonly BlockStamp Stamp = new(1, Start);

    private readonly Subject<MarketEvent> _events = new();
    private readonly Subject<SlotGroupChanges> _returned = new();
    private readonly ChainClock _clock;
    private readonly RequestTracker _openSlots;
    private readonly AvailabilityFilter _filter;
    private readonly IDisposable _run;
    private readonly List<(IDisposable Subscription, List<OpenSlot> Replayed)> _subscribers = [];
    private ulong _block;
    private UnixSeconds _newest;

    public QueueWorld(
        int capacity,
        int seed = 0,
        int maxRequests = 1_000,
        int maxChangedSlots = 1_000,
        IComparer<SlotTerms>? priority = null)
    {
        _clock = new ChainClock(Time);
        Observe(new BlockStamp(++_block, Start));
        Ledger = new AvailabilityLedger(Time, error => throw error);
        _openSlots = new RequestTracker(
            new TrackingLimits(maxRequests, maxChangedSlots), 10, new Random(seed), Refusals.Add);
        Queue = new SlotQueue(capacity, priority, error => throw error, Time);
        _filter = new AvailabilityFilter(Ledger, (_, _, reason) => NotTaken.Add(reason), _openSlots.NoteTaken);
        Queue.Connect().Subscribe(changes => Causes.AddRange(changes.Select(change => change.Cause)));
        Subscribe();
        _run = _events
            .Do(happened => Observe(happened.Block))
            .TrackOpenSlots(_openSlots, _clock)
            .Merge(_returned)
            .FilterByAvailability(_filter, Ledger.Changes)
            .Subscribe(Queue.Apply);
    }

    public VirtualTime Time { get; } = new();

    public RequestTracker Tracker => _openSlots;

    public AvailabilityLedger Ledger { get; }

    public SlotQueue Queue { get; }

    public List<Refusal> Refusals { get; } = [];

    /// <summary>Why the queue has changed so far.</summary>
    public List<QueueCause> Causes { get; } = [];

    public List<RefusalReason> NotTaken { get; } = [];

    public int RequestCount => _openSlots.RequestCount;

    public UInt128 OpenSlotCount => _openSlots.CountOpenSlots();

    /// <summary>Everything that remembers something.</summary>
    public IReadOnlyList<object> Stages => [_openSlots, _filter, Queue, Ledger];

    public UnixSeconds Now => _clock.Now;

    /// <summary>The block that an event of this moment would stand in.</summary>
    public BlockStamp Block => new(_block, Now);

    /// <summary>
    /// What each subscriber has made of all change sets that it got; the first one is there from the start.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<OpenSlot>> Replayed => [.. _subscribers.Select(each => each.Replayed)];

    public IReadOnlyList<OpenSlot> Queued => Queue.Snapshot.Items;

    public void Happen(MarketEvent happened) => _events.OnNext(happened);

    public BlockStamp NextBlock(ulong seconds)
    {
        Time.AdvanceBy(TimeSpan.FromSeconds(seconds));
        Observe(new BlockStamp(++_block, _newest.Plus(seconds)));
        return Block;
    }

    public void Subscribe()
    {
        var replayed = new List<OpenSlot>();
        _subscribers.Add((Queue.Connect().Subscribe(changes => Replay(changes, replayed)), replayed));
    }

    public void Unsubscribe(int number)
    {
        _subscribers[number].Subscription.Dispose();
        _subscribers.RemoveAt(number);
    }

    public OpenSlot? Take()
    {
        var best = Queue.TakeBest();
        if (best is not null)
        {
            _openSlots.Activate(best.Slot);
        }

        return best;
    }

    public void Activate(SlotKey slot) => _openSlots.Activate(slot);

    public void Return(OpenSlot slot, bool again) => Return(slot, again, isDeferred: again);

    public void Return(OpenSlot slot, bool again, bool isDeferred, bool isLost = false) =>
        Tell(_openSlots.Return(slot, again, isDeferred, isLost));

    public void NoteReserved(SlotKey slot) => _openSlots.NoteReserved(slot, isByUs: true);

    public SlotTerms TermsOf(RequestId request) => _openSlots.TermsOf(request)!;

    public void Shun(SlotKey slot, UnixSeconds endsAt) => Tell(_openSlots.Shun(slot, endsAt));

    public TimeSpan PauseBeforeNextTry(SlotKey slot) => _openSlots.PauseBeforeNextTry(slot, TimeSpan.FromMinutes(5));

    public void Dispose()
    {
        _run.Dispose();
        Queue.Dispose();
        Ledger.Dispose();
        _clock.Dispose();
        _events.Dispose();
        _returned.Dispose();
    }

    // As the pipeline does: a block that is told late does not turn the clock back.
    private void Observe(BlockStamp block)
    {
        if (block.Time > _newest)
        {
            _newest = block.Time;
            _clock.Observe(block);
        }
    }

    private void Tell(SlotGroupChanges? change)
    {
        if (change is not null)
        {
            _returned.OnNext(change);
        }
    }

    private static void Replay(ChangeSet<OpenSlot, SlotKey, QueueCause> changes, List<OpenSlot> replayed)
    {
        foreach (var change in changes)
        {
            if (change.Before is not null)
            {
                Assert.Equal(change.Before, replayed[change.PositionBefore]);
                replayed.RemoveAt(change.PositionBefore);
            }

            if (change.After is not null)
            {
                replayed.Insert(change.PositionAfter, change.After);
            }
        }
    }
}
