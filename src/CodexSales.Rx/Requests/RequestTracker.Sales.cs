namespace CodexSales.Rx.Requests;

/// <content>What our own sales do to slots.</content>
internal sealed partial class RequestTracker
{
    // So many sales of one request in a row come to nothing before its other slots wait too.
    private const int FailedSalesBeforePause = 3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>A sale of ours works on the slot from now on: no other one may.</summary>
    /// <exception cref="InvalidOperationException">One does already.</exception>
    public void Activate(SlotKey slot)
    {
        if (_active.Contains(slot.RequestId, slot.SlotIndex))
        {
            throw new InvalidOperationException($"There is a sale of slot {slot.ToShortString()} already.");
        }

        if (_requests.TryGetValue(slot.RequestId, out var request))
        {
            request.Activate(slot.SlotIndex);
            Note(request);
        }
        else
        {
            _active.Add(slot);
        }
    }

    /// <summary>A sale of ours has reserved the slot, or was told that it has not. Such a slot has a sale: none enters
    /// the queue. May be said before the request is known: after a restart the sale goes on first.</summary>
    public void NoteReserved(SlotKey slot, bool isByUs)
    {
        if (isByUs)
        {
            _reservedByUs.Add(slot);
        }
        else
        {
            _reservedByUs.Remove(slot);
        }

        if (_requests.TryGetValue(slot.RequestId, out var request))
        {
            request.Edit(slot.SlotIndex, record => record.IsReservedByUs = isByUs);
        }
    }

    /// <summary>Counts that a sale of the slot came to nothing for a reason that passes, and tells how long the slot is
    /// to wait before it is offered again: twice as long each time in a row, until the slot is filled or freed, or a
    /// sale of it ends otherwise.</summary>
    /// <param name="slot">The slot. One of a request that is not known is not counted.</param>
    /// <param name="first">How long it waits the first time. No wait is longer than an hour, or than this one.</param>
    public TimeSpan PauseBeforeNextTry(SlotKey slot, TimeSpan first)
    {
        var failures = _requests.TryGetValue(slot.RequestId, out var request)
            ? ++request.Touch(slot.SlotIndex).FailedTries
            : 1;
        return Doubled(first, failures - 1);
    }

    /// <summary>
    /// Counts that a sale came to nothing, and not because of another host. From the third in a row on, until a sale has filled
    /// one of its slots, all slots of the request that nobody has filled wait: twice as long each time, and from the start
    /// longer than a port that has failed is left alone, so that the next try is of another request.
    /// </summary>
    /// <param name="sold">The slot, as it was taken. Slots in repair don't count: each is an offer of its own.</param>
    /// <param name="pause">Half of how long they wait the first time. No wait is longer than an hour, or than that.</param>
    /// <returns>The change, how long until <see cref="Resume"/>, and of what; null when they don't begin to wait.</returns>
    public (SlotGroupChanges Change, TimeSpan For, TrackedRequest Paused)? PauseRequest(OpenSlot sold, TimeSpan pause)
    {
        if (sold.Terms.IsRepair
            || !_requests.TryGetValue(sold.Terms.RequestId, out var request)
            || request.IsPaused
            || ++request.FailedSales < FailedSalesBeforePause)
        {
            return null;
        }

        request.IsPaused = true;
        return (
            Change(QueueCause.Paused, SlotGroupChangeKind.GroupClosed, [request.NeverFilled]),
            Doubled(pause, request.FailedSales - FailedSalesBeforePause + 1),
            request);
    }

    /// <summary>A sale has filled a slot of the request.</summary>
    public void NoteSold(RequestId id)
    {
        if (_requests.TryGetValue(id, out var request))
        {
            request.FailedSales = 0;
        }
    }

    /// <summary>The pause of a request is over; not that of the same request in another block, which has one of its own.</summary>
    public SlotGroupChanges? Resume(TrackedRequest request)
    {
        if (_requests.GetValueOrDefault(request.RequestId) != request)
        {
            return null;
        }

        request.IsPaused = false;
        return request is { Over: null, IsStarted: false }
            ? Change(QueueCause.Paused, SlotGroupChangeKind.GroupOpened, [request.NeverFilled])
            : null;
    }

    /// <summary>This host was forced out of the slot: until its request has ended, it is not offered again, also not as
    /// a slot in repair. May be said before the request is known, and of a slot that a sale still works on.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="endsAt">When its request ends.</param>
    public SlotGroupChanges? Shun(SlotKey slot, UnixSeconds endsAt)
    {
        _lost.Add(slot, endsAt);
        if (!_requests.TryGetValue(slot.RequestId, out var request))
        {
            return null;
        }

        var wasOpen = request.IsOpen(slot.SlotIndex);
        request.Edit(slot.SlotIndex, static record => record.IsLost = true);
        Note(request);
        return wasOpen
            ? new SlotGroupChanges(
                QueueCause.Ignored,
                [new SlotGroupChange(SlotGroupChangeKind.SlotClosed, request.GroupOf(slot.SlotIndex), slot.SlotIndex)])
            : null;
    }

    /// <summary>A sale of ours is over and cleaned up.</summary>
    /// <param name="sold">The slot, as it was taken.</param>
    /// <param name="again">Whether it may be sold after all; otherwise never.</param>
    /// <param name="isDeferred">Whether it then waits behind all others until an availability changes.</param>
    /// <param name="isLost">Whether this host was forced out of the slot: as <see cref="Shun"/> says.</param>
    public SlotGroupChanges? Return(OpenSlot sold, bool again, bool isDeferred, bool isLost = false)
    {
        if (isLost)
        {
            Shun(sold.Slot, sold.Terms.EndsAt); // A slot with a sale is not open: nothing leaves the queue.
        }

        _reservedByUs.Remove(sold.Slot);
        if (!_requests.TryGetValue(sold.Terms.RequestId, out var request))
        {
            _active.Remove(sold.Slot);
            return null;
        }

        var isSameOffer = IsSameOffer(request, sold);
        request.Edit(sold.SlotIndex, slot =>
        {
            _active.Remove(sold.Slot);
            slot.IsDone = !again && isSameOffer;
            slot.FailedTries = again && !isDeferred ? slot.FailedTries : 0;
        });
        return PutBack(request, sold.SlotIndex, isDeferred && isSameOffer, QueueCause.Ignored);
    }

    private static TimeSpan Doubled(TimeSpan first, int times)
    {
        var pause = first;
        for (var time = 0; time < times && pause < LongestPause; time++)
        {
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return pause;
    }
}
