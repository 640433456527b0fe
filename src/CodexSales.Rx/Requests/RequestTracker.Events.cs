namespace CodexSales.Rx.Requests;

/// <content>What each event of the market does.</content>
internal sealed partial class RequestTracker
{
    private SlotGroupChanges? Request(StorageRequested requested, UnixSeconds now)
    {
        if (_requests.ContainsKey(requested.RequestId))
        {
            return null;
        }

        var (terms, reason, detail) = OfferTerms.Of(requested);
        (reason, detail) = reason is null && now > requested.EndsAt
            ? (RefusalReason.Expired, $"It ended at {requested.EndsAt}, and it is {now}.")
            : (reason, detail);
        if (reason is { } why)
        {
            _refuse(new Refusal(now, requested.RequestId, null, why, detail));
            return null;
        }

        var request = new TrackedRequest(terms!, _sequence + 1, _random, _active);
        var isPast = now > requested.ExpiresAt;
        request.Over = isPast ? (now, QueueCause.Expired) : null;
        if (RefuseLeastUseful(request, now))
        {
            return null;
        }

        Add(request);
        if (isPast)
        {
            // An old event: that it was filled in time, and has slots to repair by now, may be told by the next ones.
            _refuse(new Refusal(now, requested.RequestId, null, RefusalReason.Expired,
                $"It expired at {requested.ExpiresAt}, and it is {now}."));
        }

        return isPast ? null : Change(QueueCause.Requested, SlotGroupChangeKind.GroupOpened, [request.NeverFilled]);
    }

    private void Add(TrackedRequest request)
    {
        _sequence = request.Sequence;
        _requests.Add(request.RequestId, request);
        foreach (var slotIndex in _lost.Of(request.RequestId))
        {
            request.Edit(slotIndex, static slot => slot.IsLost = true);
        }

        foreach (var slotIndex in _reservedByUs.Of(request.RequestId))
        {
            request.Edit(slotIndex, static slot => slot.IsReservedByUs = true);
        }

        SetDue(request);
    }

    private SlotGroupChanges? Fill(SlotKey key, BlockStamp block, UnixSeconds now)
    {
        if (FindSlot(key, now) is not { } found)
        {
            return null;
        }

        var wasFilled = found.Slot.IsFilled;
        found.Request.Edit(key.SlotIndex, slot => slot.FailedTries = slot.Fill(block) ? 0 : slot.FailedTries);
        return wasFilled ? null : CloseSlot(found.Request, key.SlotIndex, QueueCause.Filled, now);
    }

    private SlotGroupChanges? ReserveFully(SlotKey key, UnixSeconds now)
    {
        if (FindSlot(key, now) is not { } found || found.Slot.IsReserved)
        {
            return null;
        }

        found.Request.Edit(key.SlotIndex, static slot => slot.IsReserved = true);
        return found.Slot.IsReservedByUs ? null : CloseSlot(found.Request, key.SlotIndex, QueueCause.ReservationsFull, now);
    }

    private SlotGroupChanges? Free(SlotFreed freed, UnixSeconds now)
    {
        var key = freed.Slot;
        if (FindSlot(key, now) is not { } found || !found.Slot.IsFilled)
        {
            return null;
        }

        var request = found.Request;
        var terms = OfferTerms.OfRepair(request.Terms, freed.Block.Time, _repairRewardPercent);
        var group = request.Free(key.SlotIndex, terms, ++_sequence);
        Note(request);
        return request.Over is null ? Change(QueueCause.Freed, SlotGroupChangeKind.GroupOpened, [group]) : null;
    }

    private SlotGroupChanges? Start(RequestId id, UnixSeconds now)
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
        SetDue(request);
        return isLate
            ? Change(QueueCause.Fulfilled, SlotGroupChangeKind.GroupOpened, request.OpenGroups)
            : Change(QueueCause.Fulfilled, SlotGroupChangeKind.GroupClosed, [request.NeverFilled]);
    }

    private SlotGroupChanges? End(RequestId id, QueueCause cause, UnixSeconds now)
    {
        if (FindRequest(id, null, now) is not { } request)
        {
            return null;
        }

        // The chain counts for more than the clock.
        var isNews = request.Over is null;
        var change = Change(cause, SlotGroupChangeKind.GroupClosed, request.OpenGroups);
        request.Over = request.Over is null or { Cause: QueueCause.Expired } ? (now, cause) : request.Over;
        SetDue(request);
        return isNews ? change : null;
    }

    // A slot that was freed is a group of its own: once it is filled, that group is no more.
    private SlotGroupChanges? CloseSlot(TrackedRequest request, ulong slotIndex, QueueCause cause, UnixSeconds now)
    {
        Note(request);
        var group = request.GroupOf(slotIndex);
        var kind = group.FreedSlot is not null && cause == QueueCause.Filled ? SlotGroupChangeKind.GroupClosed : SlotGroupChangeKind.SlotClosed;
        if (request.TouchedSlots <= _limits.MaxTouchedSlots)
        {
            return request.Over is null ? new SlotGroupChanges(cause, [new SlotGroupChange(kind, group, slotIndex)]) : null;
        }

        _refuse(new Refusal(now, request.RequestId, slotIndex, RefusalReason.TooManySlots,
            $"More than {_limits.MaxTouchedSlots} of its slots changed hands: it is dropped."));
        var change = Change(cause, SlotGroupChangeKind.GroupClosed, request.OpenGroups.Append(group).Distinct());
        Forget(request);
        return change;
    }

    private SlotGroupChanges? Revert(MarketEvent original, UnixSeconds now)
    {
        switch (original)
        {
            case StorageRequested { RequestId: var id } when _requests.TryGetValue(id, out var request):
                var taken = Change(QueueCause.Reverted, SlotGroupChangeKind.GroupClosed, request.OpenGroups);
                Forget(request);
                return taken;
            case RequestFulfilled { RequestId: var id }
                when _requests.TryGetValue(id, out var request) && request.IsStarted:
                request.IsStarted = false;
                SetDue(request);
                return request is { Over: null, IsPaused: false }
                    ? Change(QueueCause.Reverted, SlotGroupChangeKind.GroupOpened, [request.NeverFilled])
                    : null;
            case RequestCancelled { RequestId: var id } when _requests.TryGetValue(id, out var request):
                return Reopen(request, QueueCause.Cancelled, now);
            case RequestFailed { RequestId: var id } when _requests.TryGetValue(id, out var request):
                return Reopen(request, QueueCause.Failed, now);
            case SlotFilled { Slot: var key, Block: var block } when Known(key) is { } found:
                return RevertFill(found.Request, key.SlotIndex, block);
            case SlotReservationsFull { Slot: var key } when Known(key) is { Slot.IsReserved: true } found:
                found.Request.Edit(key.SlotIndex, static slot => slot.IsReserved = false);
                return PutBack(found.Request, key.SlotIndex, isDeferred: false, QueueCause.Reverted);

            // One that had found the slot free changed nothing: a node had left out that it was filled.
            case SlotFreed { Slot: var key, Block.Time: var freedAt }
                when Known(key) is { Slot.Repair: { } group } found && group.Terms.FreedAt == freedAt:
                found.Request.Edit(key.SlotIndex, static slot => slot.RevertRepair());
                Note(found.Request);
                return Change(QueueCause.Reverted, SlotGroupChangeKind.GroupClosed, [group]);
            default:
                // The original had changed nothing here: it was refused, unknown, or long forgotten.
                return null;
        }
    }

    private SlotGroupChanges? RevertFill(TrackedRequest request, ulong slotIndex, BlockStamp block)
    {
        var isFree = false;
        request.Edit(slotIndex, slot => isFree = slot.RevertFill(block));
        if (!isFree)
        {
            return null;
        }

        var change = PutBack(request, slotIndex, isDeferred: false, QueueCause.Reverted);
        return request.Over is null && request.Find(slotIndex)!.Repair is { } group
            ? Change(QueueCause.Reverted, SlotGroupChangeKind.GroupOpened, [group])
            : change;
    }

    private SlotGroupChanges? Reopen(TrackedRequest request, QueueCause endedBy, UnixSeconds now)
    {
        if (request.Over?.Cause != endedBy)
        {
            return null;
        }

        var isPast = now > request.LastMoment;
        request.Over = isPast ? (now, QueueCause.Expired) : null;
        SetDue(request);
        return isPast ? null : Change(QueueCause.Reverted, SlotGroupChangeKind.GroupOpened, request.OpenGroups);
    }

    // A slot that is not open now is put back all the same: what closed it may be taken back.
    private SlotGroupChanges? PutBack(TrackedRequest request, ulong slotIndex, bool isDeferred, QueueCause cause)
    {
        Note(request);
        var (group, isOpen) = (request.GroupOf(slotIndex), request.IsOpen(slotIndex));
        group.PutBack(slotIndex, isDeferred && isOpen);
        return isOpen ? new SlotGroupChanges(cause, [new SlotGroupChange(SlotGroupChangeKind.SlotOpened, group, slotIndex)]) : null;
    }
}
