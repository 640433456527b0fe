namespace CodexSales.Rx.Tests.Queueing;

/// <summary>
/// What the queue should hold, computed anew at each look from everything that happened: lists, loops and
/// <c>OrderBy</c>, and none of the pipeline's stages.
/// </summary>
internal sealed class QueueModel(int capacity)
{
    public int Capacity { get; set; } = capacity;

    // Every event that stands, with its place among all inputs; a reorganisation takes the newest ones back.
    private readonly List<(long Input, MarketEvent Event)> _events = [];
    private readonly HashSet<SlotKey> _active = [];
    private readonly HashSet<SlotKey> _done = [];
    private readonly HashSet<SlotKey> _deferred = [];
    private long _inputs;

    public IReadOnlyList<MarketEvent> Standing => [.. _events.Select(each => each.Event)];

    public void Happen(MarketEvent happened)
    {
        _inputs++;
        if (happened is Reverted { Original: var original })
        {
            _events.RemoveAt(_events.FindLastIndex(each => ReferenceEquals(each.Event, original)));
            ClearDeferred(original);
            if (original is StorageRequested taken)
            {
                _active.RemoveWhere(slot => slot.RequestId == taken.RequestId);
                _done.RemoveWhere(slot => slot.RequestId == taken.RequestId);
                _deferred.RemoveWhere(slot => slot.RequestId == taken.RequestId);
            }

            return;
        }

        if (ChangesNothing(happened))
        {
            return;
        }

        if (happened is SlotFreed { Slot: var slot })
        {
            _done.Remove(slot);
        }

        ClearDeferred(happened);
        _events.Add((_inputs, happened));
    }

    public void Take(SlotKey slot) => _active.Add(slot);

    public void Return(SlotKey slot, bool again, bool wasFreedMeanwhile, UnixSeconds now)
    {
        _active.Remove(slot);
        if (!again && !wasFreedMeanwhile)
        {
            _done.Add(slot);
        }

        // A slot that was freed meanwhile is another offer, which no sale has given up yet.
        if (again && !wasFreedMeanwhile && !_done.Contains(slot) && Slots().Single(each => each.Slot == slot).IsOpen(now))
        {
            _deferred.Add(slot);
        }
    }

    public void ClearDeferred() => _deferred.Clear();

    /// <summary>Which group a slot is of: the input that brought it, or that freed it last.</summary>
    public long GroupOf(SlotKey slot) => Slots().Single(each => each.Slot == slot).Group;

    public bool IsFilled(SlotKey slot) => Slots().SingleOrDefault(each => each.Slot == slot).IsFilled;

    /// <summary>How many slots can be filled, whether an availability takes them or not.</summary>
    public int OpenSlotCount(UnixSeconds now) => Slots().Count(slot =>
        slot.IsOpen(now) && !_active.Contains(slot.Slot) && !_done.Contains(slot.Slot));

    /// <summary>The queue: what is open and taken by some availability, in order, as far as there is room.</summary>
    public IReadOnlyList<(SlotTerms Terms, long Group, bool IsDeferred)> Queue(
        UnixSeconds now, IReadOnlyList<AvailabilityBalance> availabilities) =>
        [
            .. (from slot in Slots()
               where slot.IsOpen(now) && !_active.Contains(slot.Slot) && !_done.Contains(slot.Slot)
               where availabilities.Any(each => Takes(each, slot.Terms))
               let isDeferred = _deferred.Contains(slot.Slot)
               orderby isDeferred,
                   slot.Terms.Reward descending,
                   slot.Terms.Collateral,
                   slot.Terms.IsRepair ? slot.Terms.EndsAt : slot.Terms.ExpiresAt descending,
                   slot.Terms.Ask.SlotSizeBytes,
                   slot.Group
               select (slot.Terms, slot.Group, isDeferred)).Take(Capacity),
        ];

    private static bool Takes(AvailabilityBalance each, SlotTerms terms) =>
        !each.Availability.IsDisabled
        && each.Availability.MaxDurationSeconds >= (terms.FreedAt is { } at ? terms.EndsAt.SecondsSince(at) : terms.Ask.DurationSeconds)
        && (each.Availability.Until is not { } until || until >= terms.EndsAt)
        && each.Availability.MinPricePerBytePerSecond <= terms.Ask.PricePerBytePerSecond
        && each.FreeBytes >= terms.Ask.SlotSizeBytes
        && each.FreeCollateral >= terms.Collateral;

    // The contract says each of these once; a second time is a repetition.
    private bool ChangesNothing(MarketEvent happened) => happened switch
    {
        StorageRequested again => SlotsOf(again.RequestId).Any(),
        SlotFilled filled => IsFilledIn(filled.Slot, filled.Block),
        SlotFreed freed => !IsFilled(freed.Slot),
        SlotReservationsFull full =>
            SlotsOf(full.Slot.RequestId).Any(each => each.Slot == full.Slot && each.IsReserved),
        RequestFulfilled fulfilled => SlotsOf(fulfilled.RequestId).Any(each => each.IsStarted),
        RequestCancelled cancelled => SlotsOf(cancelled.RequestId).Any(each => each.IsOver),
        RequestFailed failed => SlotsOf(failed.RequestId).Any(each => each.IsOver),
        _ => false,
    };

    // A fill in another block is none: that the slot was freed in between was not told.
    private bool IsFilledIn(SlotKey slot, BlockStamp block) => _events
        .Select(each => each.Event)
        .Reverse()
        .TakeWhile(happened => happened is not SlotFreed { Slot: var freed } || freed != slot)
        .Any(happened => happened is SlotFilled filled && filled.Slot == slot && filled.Block == block);

    private IEnumerable<ModelSlot> SlotsOf(RequestId request) => Slots().Where(each => each.Slot.RequestId == request);

    // What leaves the queue and comes back is as good as new.
    private void ClearDeferred(MarketEvent happened) => _deferred.RemoveWhere(slot => happened switch
    {
        SlotFilled filled => filled.Slot == slot,
        SlotFreed freed => freed.Slot == slot,
        SlotReservationsFull full => full.Slot == slot,
        RequestFulfilled fulfilled => fulfilled.RequestId == slot.RequestId
            && !Slots().Single(each => each.Slot == slot).Terms.IsRepair,
        RequestCancelled cancelled => cancelled.RequestId == slot.RequestId,
        RequestFailed failed => failed.RequestId == slot.RequestId,
        _ => false,
    });

    private IEnumerable<ModelSlot> Slots()
    {
        foreach (var (input, happened) in _events)
        {
            if (happened is StorageRequested requested)
            {
                for (ulong index = 0; index < requested.Ask.Slots; index++)
                {
                    yield return SlotOf(requested, input, index);
                }
            }
        }
    }

    private ModelSlot SlotOf(StorageRequested requested, long input, ulong index)
    {
        var terms = new SlotTerms
        {
            RequestId = requested.RequestId,
            Ask = requested.Ask,
            Reward = requested.Ask.PricePerBytePerSecond * requested.Ask.SlotSizeBytes * requested.Ask.DurationSeconds,
            Collateral = requested.Ask.CollateralPerByte * requested.Ask.SlotSizeBytes,
            ExpiresAt = requested.ExpiresAt,
            EndsAt = requested.EndsAt,
        };
        var slot = new ModelSlot(new SlotKey(requested.RequestId, index), terms, input, false, false, false, false);
        foreach (var (later, happened) in _events.Where(each => each.Input > input))
        {
            slot = happened switch
            {
                SlotFilled filled when filled.Slot == slot.Slot => slot with { IsFilled = true },
                SlotReservationsFull full when full.Slot == slot.Slot => slot with { IsReserved = true },
                SlotFreed freed when freed.Slot == slot.Slot && slot.IsFilled => slot with
                {
                    IsFilled = false,
                    IsReserved = false,
                    Group = later,
                    Terms = RepairOf(terms, freed.Block.Time),
                },
                RequestFulfilled all when all.RequestId == requested.RequestId => slot with { IsStarted = true },
                RequestCancelled off when off.RequestId == requested.RequestId => slot with { IsOver = true },
                RequestFailed failed when failed.RequestId == requested.RequestId => slot with { IsOver = true },
                _ => slot,
            };
        }

        return slot;
    }

    // What is left to be kept pays as before, and a tenth of the collateral comes on top.
    private static SlotTerms RepairOf(SlotTerms terms, UnixSeconds freedAt)
    {
        var (left, discount) = (terms.EndsAt.SecondsSince(freedAt), terms.Collateral * 10 / 100);
        return terms with
        {
            Reward = (terms.Ask.PricePerBytePerSecond * terms.Ask.SlotSizeBytes * left) + discount,
            Collateral = terms.Collateral - discount,
            IsRepair = true,
            FreedAt = freedAt,
        };
    }

    private readonly record struct ModelSlot(
        SlotKey Slot, SlotTerms Terms, long Group, bool IsFilled, bool IsReserved, bool IsStarted, bool IsOver)
    {
        public bool IsOpen(UnixSeconds now) => !IsFilled && !IsReserved && !IsOver
            && (IsStarted ? Terms.IsRepair && now <= Terms.EndsAt : now <= Terms.ExpiresAt);
    }
}
