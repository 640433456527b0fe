using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Requests;

/// <summary>Every slot of the network that can still be filled: what the events, the clock and our own sales say of it.
/// Each input gives the change that it makes, or null when it makes none; an event that comes twice makes
/// none.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed partial class RequestTracker
{
    // A request that is over is remembered for this long: an event of a late block, or a reorganisation, may bring it
    // back.
    private const ulong ForgetAfterSeconds = 600;

    private readonly TrackingLimits _limits;
    private readonly byte _repairRewardPercent;
    private readonly Random _random;
    private readonly Action<Refusal> _refuse;
    private readonly Dictionary<RequestId, TrackedRequest> _requests = [];
    private readonly SlotsByRequest _active = new();
    private readonly LostSlots _lost = new();

    // Of the slots that a sale works on. Those of a request that comes later, or again, are reserved by us all the same.
    private readonly SlotsByRequest _reservedByUs = new();

    // Requests in the order in which time does something to them; and those that the clock alone takes for over, in the order in
    // which they were.
    private readonly OrderedTree<TrackedRequest> _due = new(ByMoment);
    private readonly OrderedTree<TrackedRequest> _expired = new(ByMoment);

    // Requests without a sale of ours, the least useful first.
    private readonly OrderedTree<TrackedRequest> _mayGiveWay = new(Comparer<TrackedRequest>.Create((left, right) =>
        Nullable.Compare(left.Standing, right.Standing)));

    private long _sequence;

    // A whole one, for whoever reads it on another thread.
    private volatile Count _open = new(0);
    private UnixSeconds _toldUntil;

    public RequestTracker(TrackingLimits limits, byte repairRewardPercent, Random random, Action<Refusal> refuse) =>
        (_limits, _repairRewardPercent, _random, _refuse) = (limits, repairRewardPercent, random, refuse);

    public int RequestCount => _requests.Count;

    /// <summary>The number of slots that a new sale may fill now. O(1).</summary>
    public UInt128 CountOpenSlots() => _open.Slots;

    /// <summary>What can be filled now, on which terms, and how many slots of each. On the core; O(requests).</summary>
    public IEnumerable<(SlotTerms Terms, UInt128 Slots)> OpenOffers => _requests.Values.SelectMany(request => request.OpenOffers);

    /// <summary>The slots that a sale of ours works on.</summary>
    public SlotsByRequest Active => _active;

    /// <summary>When something leaves by time next: the last second in which it is still open.</summary>
    public UnixSeconds? NextDue => Next?.DueAt;

    /// <summary>The terms of a request for a slot that never was filled; null when it is not known.</summary>
    public SlotTerms? TermsOf(RequestId request) => _requests.GetValueOrDefault(request)?.Terms;

    /// <summary>Whether an event has told that other hosts have all the reservations that the slot may have.</summary>
    public bool IsReservedByOthers(SlotKey slot) => Known(slot) is { Slot.IsReservedByOthers: true };

    /// <summary>When the slot was filled that is filled now, as far as an event has told.</summary>
    public UnixSeconds? FilledAt(SlotKey slot) => Known(slot)?.Slot.FilledAt;

    /// <summary>The terms of the repair that the slot was filled for, as far as events have told; null of any other slot.</summary>
    public SlotTerms? RepairTermsOf(SlotKey slot) => Known(slot) is { Slot: { IsFilled: true, Repair.Terms: var terms } } ? terms : null;

    /// <summary>Whether a slot is offered as it was when it was taken. One that was freed since then is another offer,
    /// which nobody has decided on yet. One that was not is the same offer, also where its request came again: after a
    /// restart, or in another block. Null where the request is not known.</summary>
    public bool? IsSameOffer(OpenSlot taken) => _requests.TryGetValue(taken.Terms.RequestId, out var request)
        ? IsSameOffer(request, taken)
        : null;

    public SlotGroupChanges? Apply(MarketEvent happened, UnixSeconds now)
    {
        var change = happened switch
        {
            StorageRequested requested => Request(requested, now),
            SlotFilled filled => Fill(filled.Slot, filled.Block, now),
            SlotFreed freed => Free(freed, now),
            SlotReservationsFull full => ReserveFully(full.Slot, now),
            RequestFulfilled fulfilled => Start(fulfilled.RequestId, now),
            RequestCancelled cancelled => End(cancelled.RequestId, QueueCause.Cancelled, now),
            RequestFailed failed => End(failed.RequestId, QueueCause.Failed, now),
            ProofSubmitted or BlockTold => null,
            Reverted reverted => Revert(reverted.Original, now),
            _ => throw new System.Diagnostics.UnreachableException($"Unknown market event {happened}."),
        };
        if (happened is not Reverted && happened.Block.Time > _toldUntil)
        {
            _toldUntil = happened.Block.Time;
        }

        ForgetSettled(now);
        return change;
    }

    /// <summary>Changes by time alone: requests that expired or ended before now, and those that did not after all. A
    /// chain that had stood still may go on from where it stood.</summary>
    public IEnumerable<SlotGroupChanges> SetTime(UnixSeconds now)
    {
        while (_expired.Count > 0 && _expired[^1] is var early && early.DueAt >= now)
        {
            early.Over = null;
            SetDue(early);
            yield return Change(QueueCause.Reverted, SlotGroupChangeKind.GroupOpened, early.OpenGroups);
        }

        while (Next is { } request && request.DueAt < now)
        {
            if (request.Over is not null)
            {
                Forget(request);
            }
            else if (End(request.RequestId, QueueCause.Expired, now) is { } change)
            {
                yield return change;
            }
        }

        ForgetSettled(now);
        _lost.Forget(before: now);
    }

    private static Comparer<TrackedRequest> ByMoment { get; } = Comparer<TrackedRequest>.Create((left, right) =>
        (left.DueAt, left.Sequence).CompareTo((right.DueAt, right.Sequence)));

    private static bool IsSameOffer(TrackedRequest request, OpenSlot taken) =>
        request.GroupOf(taken.SlotIndex).Terms.FreedAt == taken.Terms.FreedAt;

    private TrackedRequest? Next => _due.Count > 0 ? _due[0] : null;

    private static SlotGroupChanges Change(QueueCause cause, SlotGroupChangeKind kind, IEnumerable<SlotGroup> groups) =>
        new(cause, [.. groups.Select(group => new SlotGroupChange(kind, group))]);

    private (TrackedRequest Request, TrackedSlot Slot)? FindSlot(SlotKey key, UnixSeconds now)
    {
        if (FindRequest(key.RequestId, key.SlotIndex, now) is not { } request)
        {
            return null;
        }

        if (key.SlotIndex >= request.Terms.Ask.Slots)
        {
            _refuse(new Refusal(now, key.RequestId, key.SlotIndex, RefusalReason.Unknown,
                $"The request has {request.Terms.Ask.Slots} slots; there is no slot {key.SlotIndex}."));
            return null;
        }

        return (request, request.Touch(key.SlotIndex));
    }

    private (TrackedRequest Request, TrackedSlot Slot)? Known(SlotKey key) =>
        _requests.TryGetValue(key.RequestId, out var request) && request.Find(key.SlotIndex) is { } slot
            ? (request, slot)
            : null;

    private TrackedRequest? FindRequest(RequestId id, ulong? slotIndex, UnixSeconds now)
    {
        if (_requests.TryGetValue(id, out var request))
        {
            return request;
        }

        _refuse(new Refusal(now, id, slotIndex, RefusalReason.Unknown, "The request is not known, or was refused."));
        return null;
    }

    // The use of a request may be another one from now on.
    private void Note(TrackedRequest request)
    {
        _open = new Count(_open.Slots - request.CountedSlots + request.OpenSlots);
        request.CountedSlots = request.OpenSlots;
        Usefulness? standing = _active.HasAny(request.RequestId) ? null : request.Usefulness;
        if (standing != request.Standing)
        {
            _mayGiveWay.TryRemove(request, out _);
            request.Standing = standing;
            if (standing is not null)
            {
                _mayGiveWay.TryInsert(request, out _);
            }
        }
    }

    private void SetDue(TrackedRequest request)
    {
        _due.TryRemove(request, out _);
        _expired.TryRemove(request, out _);
        var isExpired = request.Over is { Cause: QueueCause.Expired };
        request.DueAt = request.Over is { Since: var since } && !isExpired ? since.Plus(ForgetAfterSeconds) : request.LastMoment;
        (isExpired ? _expired : _due).TryInsert(request, out _);

        Note(request);
    }

    // A request that the clock takes for expired may have been filled in time, in a block that is not told of yet. An
    // event of a later block says that it was not: events come in the order of the chain.
    private void ForgetSettled(UnixSeconds now)
    {
        while (_expired.Count > 0
            && _expired[0] is var first
            && (_toldUntil > first.DueAt.Plus(ForgetAfterSeconds)
                || now > first.Terms.EndsAt.Plus(ForgetAfterSeconds)))
        {
            Forget(first);
        }
    }

    private void Forget(TrackedRequest request)
    {
        _due.TryRemove(request, out _);
        _expired.TryRemove(request, out _);
        _mayGiveWay.TryRemove(request, out _);
        _requests.Remove(request.RequestId);
        _open = new Count(_open.Slots - request.CountedSlots);
    }

    private sealed record Count(UInt128 Slots);
}
