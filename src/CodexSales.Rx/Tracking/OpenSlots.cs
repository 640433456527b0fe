using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Tracking;

/// <summary>
/// Every slot of the network that can still be filled: what the events, the clock and our own sales say of it. Each
/// input gives the change that it makes, or null when it makes none; an event that comes twice makes none.
/// </summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class OpenSlots
{
    // A request that is over is remembered for this long: an event of a late block, or a reorganisation, may bring it
    // back.
    private const ulong ForgetAfterSeconds = 600;

    private readonly TrackingLimits _limits;
    private readonly byte _repairRewardPercent;
    private readonly Random _random;
    private readonly Action<Refusal> _refuse;
    private readonly Dictionary<RequestId, OpenRequest> _requests = [];
    private readonly HashSet<SlotKey> _active = [];
    private readonly OrderedTree<OpenRequest> _deadlines = new(Comparer<OpenRequest>.Create((left, right) =>
        left.Deadline.CompareTo(right.Deadline) is not 0 and var order
            ? order
            : left.Sequence.CompareTo(right.Sequence)));

    private long _sequence;

    public OpenSlots(TrackingLimits limits, byte repairRewardPercent, Random random, Action<Refusal> refuse) =>
        (_limits, _repairRewardPercent, _random, _refuse) = (limits, repairRewardPercent, random, refuse);

    /// <summary>How many requests are known.</summary>
    public int RequestCount => _requests.Count;

    /// <summary>How many slots a new sale may fill now. O(requests and slots that something has happened to).</summary>
    public UInt128 CountOpenSlots() =>
        _requests.Values.Aggregate(UInt128.Zero, (sum, request) => sum + request.CountOpenSlots());

    /// <summary>When something leaves by time next: the last second in which it is still open.</summary>
    public UnixSeconds? NextDeadline => Next?.Deadline;

    /// <summary>What a request pays and costs for a slot that never was filled; null when it is not known.</summary>
    public SlotTerms? TermsOf(RequestId request) => _requests.GetValueOrDefault(request)?.Terms;

    /// <summary>Whether an event has told that the slot has all the reservations that it may have.</summary>
    public bool HasAllReservations(SlotKey slot) => Known(slot) is { Slot.IsReserved: true };

    /// <summary>When the slot was filled that is filled now, as far as an event has told.</summary>
    public UnixSeconds? FilledAt(SlotKey slot) => Known(slot) is { Slot: { IsFilled: true, FilledAt: var at } } ? at : null;

    /// <summary>What an event changes.</summary>
    public LotChanges? Apply(MarketEvent happened, UnixSeconds now) => happened switch
    {
        StorageRequested requested => Request(requested, now),
        SlotFilled filled => Fill(filled.Slot, filled.Block.Time, now),
        SlotFreed freed => Free(freed.Slot, now),
        SlotReservationsFull full => ReserveFully(full.Slot, now),
        RequestFulfilled fulfilled => Start(fulfilled.RequestId, now),
        RequestCancelled cancelled => End(cancelled.RequestId, QueueCause.Cancelled, now),
        RequestFailed failed => End(failed.RequestId, QueueCause.Failed, now),
        ProofSubmitted => null,
        Reverted reverted => Revert(reverted.Original, now),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown market event {happened}."),
    };

    /// <summary>What time alone changes: requests that expired or ended before now.</summary>
    public IEnumerable<LotChanges> Expire(UnixSeconds now)
    {
        while (Next is { } request && request.Deadline < now)
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
    }

    /// <summary>A sale of ours works on the slot from now on: no other one may.</summary>
    /// <exception cref="InvalidOperationException">One does already.</exception>
    public void Activate(SlotKey slot)
    {
        if (!_active.Add(slot))
        {
            throw new InvalidOperationException($"There is a sale of slot {slot} already.");
        }
    }

    /// <summary>A sale of ours is over and cleaned up.</summary>
    /// <param name="sold">The slot, as it was taken.</param>
    /// <param name="again">Whether it may be sold after all; otherwise never.</param>
    /// <param name="isSeen">Whether it then waits behind all others until an availability changes.</param>
    public LotChanges? Return(OpenSlot sold, bool again, bool isSeen)
    {
        _active.Remove(sold.Slot);
        if (!_requests.TryGetValue(sold.Terms.RequestId, out var request))
        {
            return null;
        }

        // A slot that was freed while the sale ran is another offer, which nobody has decided on yet. One that never was is
        // the same offer, also where its request came again: after a restart, or in another block.
        var terms = request.LotOf(sold.SlotIndex).Terms;
        var isSameOffer = ReferenceEquals(terms, sold.Terms) || (!terms.IsRepair && !sold.Terms.IsRepair);
        request.Touch(sold.SlotIndex).IsDone = !again && isSameOffer;
        return PutBack(request, sold.SlotIndex, isSeen && isSameOffer, QueueCause.Ignored);
    }

    private OpenRequest? Next => _deadlines.Count > 0 ? _deadlines[0] : null;

    private LotChanges? Request(StorageRequested requested, UnixSeconds now)
    {
        if (_requests.ContainsKey(requested.RequestId))
        {
            return null;
        }

        var (terms, reason, detail) = TermsOf(requested);
        (reason, detail) = reason is not null ? (reason, detail)
            : now > requested.EndsAt
                ? (RefusalReason.Expired, $"It ended at {requested.EndsAt}, and it is {now}.")
            : _requests.Count >= _limits.MaxRequests
                ? (RefusalReason.TooManyRequests, $"{_requests.Count} requests are open, as many as are kept.")
            : (default(RefusalReason?), "");
        if (reason is { } why)
        {
            _refuse(new Refusal(now, requested.RequestId, null, why, detail));
            return null;
        }

        var request = new OpenRequest(terms!, ++_sequence, _random, _active);
        _requests.Add(request.RequestId, request);
        var isPast = now > requested.ExpiresAt;
        if (isPast)
        {
            // An old event: that it was filled in time, and has slots to repair by now, may be told by the next ones.
            request.Over = (now, QueueCause.Expired);
            _refuse(new Refusal(now, requested.RequestId, null, RefusalReason.Expired,
                $"It expired at {requested.ExpiresAt}, and it is {now}."));
        }

        SetDeadline(request);
        return isPast ? null : Change(QueueCause.Requested, LotChangeKind.LotOpened, [request.NeverFilled]);
    }

    private static (SlotTerms? Terms, RefusalReason? Reason, string Detail) TermsOf(StorageRequested requested)
    {
        var ask = requested.Ask;
        if (ask.Slots == 0)
        {
            return (null, RefusalReason.NoSlots, "It asks for 0 slots.");
        }

        if (!ask.TryGetSlotReward(out var reward))
        {
            return (null, RefusalReason.RewardOverflows, $"{ask.PricePerBytePerSecond} for each byte and second of "
                + $"{ask.SlotSizeBytes} bytes and {ask.DurationSeconds} s is over 2^256 - 1.");
        }

        if (reward == UInt256.Zero)
        {
            return (null, RefusalReason.PaysNothing, $"{ask.PricePerBytePerSecond} for each byte and second of "
                + $"{ask.SlotSizeBytes} bytes and {ask.DurationSeconds} s pays nothing.");
        }

        if (!ask.TryGetSlotCollateral(out var collateral))
        {
            return (null, RefusalReason.CollateralOverflows, $"A collateral of {ask.CollateralPerByte} for each of "
                + $"{ask.SlotSizeBytes} bytes is over 2^256 - 1.");
        }

        var terms = new SlotTerms
        {
            RequestId = requested.RequestId,
            Ask = ask,
            Reward = reward,
            Collateral = collateral,
            ExpiresAt = requested.ExpiresAt,
            EndsAt = requested.EndsAt,
        };
        return (terms, null, "");
    }

    private LotChanges? Fill(SlotKey key, UnixSeconds at, UnixSeconds now)
    {
        if (FindSlot(key, now) is not { } found || found.Slot.IsFilled)
        {
            return null;
        }

        (found.Slot.IsFilled, found.Slot.FilledAt) = (true, at);
        return CloseSlot(found.Request, key.SlotIndex, QueueCause.Filled, now);
    }

    private LotChanges? ReserveFully(SlotKey key, UnixSeconds now)
    {
        if (FindSlot(key, now) is not { } found || found.Slot.IsReserved)
        {
            return null;
        }

        found.Slot.IsReserved = true;
        return CloseSlot(found.Request, key.SlotIndex, QueueCause.ReservationsFull, now);
    }

    private LotChanges? Free(SlotKey key, UnixSeconds now)
    {
        if (FindSlot(key, now) is not { } found || !found.Slot.IsFilled)
        {
            return null;
        }

        var request = found.Request;
        var lot = request.Free(key.SlotIndex, RepairTermsOf(request.Terms), ++_sequence);
        return request.Over is null ? Change(QueueCause.Freed, LotChangeKind.LotOpened, [lot]) : null;
    }

    // Source: contract function fillSlot, which takes the collateral less the repair reward, rounded down.
    private SlotTerms RepairTermsOf(SlotTerms terms)
    {
        var (whole, rest) = UInt256.DivRem(terms.Collateral, 100);
        var reward = (whole * _repairRewardPercent) + (rest * _repairRewardPercent / 100);
        return terms with { Collateral = terms.Collateral - reward, IsRepair = true };
    }

    private LotChanges? Start(RequestId id, UnixSeconds now)
    {
        if (FindRequest(id, null, now) is not { IsStarted: false } request)
        {
            return null;
        }

        // A request that the clock had taken for expired may have been filled in its last second, in a block that came
        // late.
        request.IsStarted = true;
        var isLate = request.Over is { Cause: QueueCause.Expired };
        request.Over = isLate ? null : request.Over;
        SetDeadline(request);
        return isLate
            ? Change(QueueCause.Fulfilled, LotChangeKind.LotOpened, request.Lots)
            : Change(QueueCause.Fulfilled, LotChangeKind.LotClosed, [request.NeverFilled]);
    }

    private LotChanges? End(RequestId id, QueueCause cause, UnixSeconds now)
    {
        if (FindRequest(id, null, now) is not { } request)
        {
            return null;
        }

        // What the chain says counts for more than the clock.
        var isNews = request.Over is null;
        var change = Change(cause, LotChangeKind.LotClosed, request.Lots);
        request.Over = request.Over is null or { Cause: QueueCause.Expired } ? (now, cause) : request.Over;
        SetDeadline(request);
        return isNews ? change : null;
    }

    private LotChanges? Revert(MarketEvent original, UnixSeconds now)
    {
        switch (original)
        {
            case StorageRequested { RequestId: var id } when _requests.TryGetValue(id, out var request):
                var taken = Change(QueueCause.Reverted, LotChangeKind.LotClosed, request.Lots);
                Forget(request);
                return taken;
            case RequestFulfilled { RequestId: var id }
                when _requests.TryGetValue(id, out var request) && request.IsStarted:
                request.IsStarted = false;
                SetDeadline(request);
                return request.Over is null
                    ? Change(QueueCause.Reverted, LotChangeKind.LotOpened, [request.NeverFilled])
                    : null;
            case RequestCancelled { RequestId: var id } when _requests.TryGetValue(id, out var request):
                return Reopen(request, QueueCause.Cancelled, now);
            case RequestFailed { RequestId: var id } when _requests.TryGetValue(id, out var request):
                return Reopen(request, QueueCause.Failed, now);
            case SlotFilled { Slot: var key } when Known(key) is { Slot.IsFilled: true } found:
                found.Slot.IsFilled = false;
                return PutBack(found.Request, key.SlotIndex, isSeen: false, QueueCause.Reverted);
            case SlotReservationsFull { Slot: var key } when Known(key) is { Slot.IsReserved: true } found:
                found.Slot.IsReserved = false;
                return PutBack(found.Request, key.SlotIndex, isSeen: false, QueueCause.Reverted);
            case SlotFreed { Slot: var key } when Known(key) is { Slot.Repair: { } lot } found:
                var closed = Change(QueueCause.Reverted, LotChangeKind.LotClosed, [lot]);
                found.Slot.RevertRepair();
                return closed;
            default:
                // The original had changed nothing here: it was refused, unknown, or long forgotten.
                return null;
        }
    }

    private LotChanges? Reopen(OpenRequest request, QueueCause endedBy, UnixSeconds now)
    {
        if (request.Over?.Cause != endedBy)
        {
            return null;
        }

        var isPast = now > request.LastMoment;
        request.Over = isPast ? (now, QueueCause.Expired) : null;
        SetDeadline(request);
        return isPast ? null : Change(QueueCause.Reverted, LotChangeKind.LotOpened, request.Lots);
    }

    // A slot that is not open now is put back all the same: what closed it may be taken back.
    private static LotChanges? PutBack(OpenRequest request, ulong slotIndex, bool isSeen, QueueCause cause)
    {
        var (lot, isOpen) = (request.LotOf(slotIndex), request.IsOpen(slotIndex));
        lot.PutBack(slotIndex, isSeen && isOpen);
        return isOpen ? new LotChanges(cause, [new LotChange(LotChangeKind.SlotOpened, lot, slotIndex)]) : null;
    }

    private LotChanges? CloseSlot(OpenRequest request, ulong slotIndex, QueueCause cause, UnixSeconds now)
    {
        var change = new LotChanges(
            cause, [new LotChange(LotChangeKind.SlotClosed, request.LotOf(slotIndex), slotIndex)]);
        if (request.TouchedSlots <= _limits.MaxTouchedSlots)
        {
            return request.Over is null ? change : null;
        }

        _refuse(new Refusal(now, request.RequestId, slotIndex, RefusalReason.TooManySlots,
            $"More than {_limits.MaxTouchedSlots} of its slots changed hands: it is dropped."));
        change = Change(cause, LotChangeKind.LotClosed, request.Lots);
        Forget(request);
        return change;
    }

    private static LotChanges Change(QueueCause cause, LotChangeKind kind, IEnumerable<SlotLot> lots) =>
        new(cause, [.. lots.Select(lot => new LotChange(kind, lot))]);

    private (OpenRequest Request, SlotRecord Slot)? FindSlot(SlotKey key, UnixSeconds now)
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

    private (OpenRequest Request, SlotRecord Slot)? Known(SlotKey key) =>
        _requests.TryGetValue(key.RequestId, out var request) && request.Find(key.SlotIndex) is { } slot
            ? (request, slot)
            : null;

    private OpenRequest? FindRequest(RequestId id, ulong? slotIndex, UnixSeconds now)
    {
        if (_requests.TryGetValue(id, out var request))
        {
            return request;
        }

        _refuse(new Refusal(now, id, slotIndex, RefusalReason.Unknown, "The request is not known, or was refused."));
        return null;
    }

    private void SetDeadline(OpenRequest request)
    {
        _deadlines.TryRemove(request, out _);
        request.Deadline = request.Over is { Since: var since } ? since.Plus(ForgetAfterSeconds) : request.LastMoment;
        _deadlines.TryInsert(request, out _);
    }

    private void Forget(OpenRequest request)
    {
        _deadlines.TryRemove(request, out _);
        _requests.Remove(request.RequestId);
    }
}
