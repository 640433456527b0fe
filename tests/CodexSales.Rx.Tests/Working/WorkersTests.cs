using CodexSales.Rx.Working;

namespace CodexSales.Rx.Tests.Working;

public sealed class WorkersTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly List<(OpenSlot Slot, Subject<string> Work)> _started = [];
    private SlotQueue? _queue;
    private Workers? _workers;
    private IDisposable? _run;
    private long _groups;

    private Workers Workers => _workers!;

    [Fact]
    public void A_hundred_thousand_stale_tickets_do_not_overflow_the_stack()
    {
        Run(limit: 1, capacity: 100_000);
        var many = Enqueue(price: 1, slots: 100_000);
        Assert.Single(_started);

        // All tickets but the first lose their slots before a worker is free for them.
        Apply(QueueCause.Cancelled, SlotGroupChangeKind.GroupClosed, many);
        Finish(0);

        Enqueue(price: 1, slots: 1);
        Assert.Equal(2, _started.Count);
    }

    [Fact]
    public void A_worker_chooses_its_slot_when_it_is_free_and_not_when_the_slot_came()
    {
        Run(limit: 1);
        Enqueue(price: 5, slots: 1);
        Enqueue(price: 3, slots: 1);
        Enqueue(price: 9, slots: 1);

        Finish(0);
        Finish(1);

        Assert.Equal(["5", "9", "3"], _started.Select(each => each.Slot.Terms.Ask.PricePerBytePerSecond.ToString()));
    }

    [Fact]
    public void What_the_workers_were_doing_can_still_be_asked_when_they_are_disposed_of()
    {
        Run(limit: 3);
        Enqueue(price: 1, slots: 1);

        Workers.Dispose();

        Assert.Equal((1, 3), (Workers.Snapshot.Busy, Workers.Snapshot.Limit));
    }

    [Fact]
    public void No_more_workers_are_busy_than_the_limit()
    {
        Run(limit: 3);
        Enqueue(price: 1, slots: 10);
        Assert.Equal(3, _started.Count);

        Finish(1);

        Assert.Equal((4, 3), (_started.Count, Workers.Snapshot.Busy));
    }

    [Fact]
    public void More_slots_than_the_queue_holds_are_all_worked_on_in_the_end()
    {
        Run(limit: 2, capacity: 3);
        Enqueue(price: 1, slots: 50);

        for (var i = 0; i < 50; i++)
        {
            Finish(i);
        }

        Assert.Equal(50, _started.Select(each => each.Slot.Slot).Distinct().Count());
    }

    [Fact]
    public void A_raised_limit_counts_at_once_and_a_lowered_one_as_workers_finish()
    {
        Run(limit: 1, most: 4);
        Enqueue(price: 1, slots: 10);

        Workers.SetLimit(4);
        _time.RunDue();
        Assert.Equal(4, _started.Count);

        Workers.SetLimit(2);
        _time.RunDue();
        Finish(0);
        Finish(1);
        Assert.Equal(4, _started.Count);

        Finish(2);
        Assert.Equal((5, 2), (_started.Count, Workers.Snapshot.Busy));
    }

    [Fact]
    public void Nothing_starts_while_paused_and_what_runs_goes_on()
    {
        Run(limit: 2);
        Enqueue(price: 1, slots: 5);
        Workers.Pause();
        _time.RunDue();

        Finish(0);
        Finish(1);
        Assert.Equal((2, IdleReason.Paused), (_started.Count, Workers.Snapshot.Idle));

        Workers.Resume();
        _time.RunDue();
        Assert.Equal((4, null), (_started.Count, Workers.Snapshot.Idle));
    }

    // Blocks of 0.25 s are 345,600 a day; each of them asks what waits whether it may begin.
    [Fact]
    public void Waiting_for_leave_to_begin_costs_nothing_a_block()
    {
        Run(limit: 1);
        Workers.Pause();
        _time.RunDue();
        Enqueue(price: 1, slots: 1);
        Workers.NoteEvents(areTold: true);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var block = 0; block < 1_000; block++)
        {
            Workers.NoteEvents(areTold: true);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Workers.Resume();
        _time.RunDue();
        Assert.Single(_started);
    }

    [Fact]
    public void What_was_paused_before_anything_came_starts_when_it_is_resumed()
    {
        Run(limit: 3);
        Workers.Pause();
        _time.RunDue();
        Enqueue(price: 1, slots: 2);
        Enqueue(price: 7, slots: 1);

        Workers.Resume();
        _time.RunDue();

        Assert.Equal(["7", "1", "1"], _started.Select(each => each.Slot.Terms.Ask.PricePerBytePerSecond.ToString()));
    }

    [Fact]
    public void With_a_limit_of_0_nothing_starts_until_it_is_raised()
    {
        Run(limit: 0);
        Enqueue(price: 1, slots: 2);
        Assert.Equal((0, IdleReason.NoWorkers), (_started.Count, Workers.Snapshot.Idle));

        Workers.SetLimit(1);
        _time.RunDue();
        Assert.Single(_started);
    }

    [Fact]
    public void Idle_workers_say_why()
    {
        Run(limit: 3);
        Assert.Equal(IdleReason.QueueIsEmpty, Workers.Snapshot.Idle);

        var group = Enqueue(price: 1, slots: 1);
        Assert.Equal(IdleReason.QueueIsEmpty, Workers.Snapshot.Idle);

        group.PutBack(0, isDeferred: true);
        _queue!.Apply(new SlotGroupChanges(QueueCause.Ignored, [new SlotGroupChange(SlotGroupChangeKind.SlotOpened, group, 0)]));
        _time.RunDue();
        Assert.Equal(IdleReason.OnlyDeferredSlots, Workers.Snapshot.Idle);
    }

    [Fact]
    public void Nothing_starts_before_the_past_is_told()
    {
        Run(limit: 1, arePastEventsTold: false);
        Enqueue(price: 1, slots: 1);
        Enqueue(price: 9, slots: 1);
        Assert.Equal((0, IdleReason.PastIsBeingTold), (_started.Count, Workers.Snapshot.Idle));

        TellEvents(areTold: true);

        Assert.Equal("9", Assert.Single(_started).Slot.Terms.Ask.PricePerBytePerSecond.ToString());
    }

    [Fact]
    public void A_worker_chooses_only_once_all_events_of_a_block_are_told()
    {
        Run(limit: 1);
        TellEvents(areTold: false);
        Enqueue(price: 1, slots: 1);
        TellEvents(areTold: false);
        Enqueue(price: 9, slots: 1);
        Assert.Empty(_started);

        TellEvents(areTold: true);

        Assert.Equal("9", Assert.Single(_started).Slot.Terms.Ask.PricePerBytePerSecond.ToString());
    }

    [Fact]
    public void A_worker_that_is_free_in_the_middle_of_a_block_waits_for_its_end()
    {
        Run(limit: 1);
        Enqueue(price: 5, slots: 1);
        Enqueue(price: 1, slots: 1);
        TellEvents(areTold: false);

        Finish(0);
        Assert.Single(_started);
        Enqueue(price: 9, slots: 1);
        TellEvents(areTold: true);

        Assert.Equal(["5", "9"], _started.Select(each => each.Slot.Terms.Ask.PricePerBytePerSecond.ToString()));
    }

    [Fact]
    public void The_oldest_ticket_tells_how_long_a_slot_has_waited()
    {
        Run(limit: 1);
        Enqueue(price: 1, slots: 1);
        Assert.Null(Workers.Snapshot.OldestTicket);

        var came = _time.Now;
        Enqueue(price: 1, slots: 1);
        _time.AdvanceBy(TimeSpan.FromHours(1));
        Enqueue(price: 9, slots: 1);
        Assert.Equal(came, Workers.Snapshot.OldestTicket);

        Finish(0);
        Assert.Equal(came + TimeSpan.FromHours(1), Workers.Snapshot.OldestTicket);
    }

    [Fact]
    public void A_limit_outside_of_its_range_is_refused()
    {
        Run(limit: 1, most: 2);

        Assert.Throws<ArgumentOutOfRangeException>("limit", () => Workers.SetLimit(3));
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => Workers.SetLimit(-1));
    }

    public void Dispose()
    {
        _run?.Dispose();
        _workers?.Dispose();
        _queue?.Dispose();
    }

    private void Run(int limit, int? most = null, int capacity = 100, bool arePastEventsTold = true)
    {
        _queue = new SlotQueue(capacity, null, error => throw error, _time);
        _workers = new Workers(limit, most ?? Math.Max(1, limit), _queue, _time, error => throw error);
        _run = _workers
            .Occupy(slot =>
            {
                _started.Add((slot, new Subject<string>()));
                return _started[^1].Work;
            })
            .Subscribe();
        _time.RunDue();
        Workers.NoteEvents(areTold: arePastEventsTold);
        _time.RunDue();
    }

    private SlotGroup Enqueue(ulong price, ulong slots)
    {
        var ask = SalesFixture.Ask(price, slots);
        var terms = new SlotTerms
        {
            RequestId = new RequestId(new Bytes32([.. Enumerable.Repeat((byte)++_groups, 32)])),
            Ask = ask,
            Reward = price,
            Collateral = 1,
            ExpiresAt = new UnixSeconds(1),
            EndsAt = new UnixSeconds(2),
        };
        var group = SlotGroup.OfRequest(terms, _groups, new Random(0), (_, _) => true);
        Apply(QueueCause.Requested, SlotGroupChangeKind.GroupOpened, group);
        return group;
    }

    private void Apply(QueueCause cause, SlotGroupChangeKind kind, SlotGroup group)
    {
        _queue!.Apply(new SlotGroupChanges(cause, [new SlotGroupChange(kind, group)]));
        _time.RunDue();
    }

    private void TellEvents(bool areTold)
    {
        Workers.NoteEvents(areTold);
        _time.RunDue();
    }

    private void Finish(int number)
    {
        _started[number].Work.OnCompleted();
        _time.RunDue();
    }
}
