using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Tracking;

/// <content>What our own sales do to slots.</content>
internal sealed partial class OpenSlots
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>A sale of ours works on the slot from now on: no other one may.</summary>
    /// <exception cref="InvalidOperationException">One does already.</exception>
    public void Activate(SlotKey slot)
    {
        if (_active.Contains(slot.RequestId, slot.SlotIndex))
        {
            throw new InvalidOperationException($"There is a sale of slot {slot} already.");
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

    /// <summary>
    /// Counts that a sale of the slot came to nothing for a reason that passes, and tells how long the slot is to wait
    /// before it is offered again: twice as long each time in a row, until the slot is filled or freed, or a sale of it
    /// ends otherwise.
    /// </summary>
    /// <param name="slot">The slot. One of a request that is not known is not counted.</param>
    /// <param name="first">How long it waits the first time. No wait is longer than an hour, or than this one.</param>
    public TimeSpan PauseBeforeNextTry(SlotKey slot, TimeSpan first)
    {
        var failures = _requests.TryGetValue(slot.RequestId, out var request)
            ? ++request.Touch(slot.SlotIndex).FailedTries
            : 1;
        var pause = first;
        for (var failure = 1; failure < failures && pause < LongestPause; failure++)
        {
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return pause;
    }

    /// <summary>
    /// This host was forced out of the slot: until its request has ended, it is not offered again, also not as a slot in
    /// repair. May be said before the request is known, and of a slot that a sale still works on.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="endsAt">When its request ends.</param>
    public LotChanges? Shun(SlotKey slot, UnixSeconds endsAt)
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
            ? new LotChanges(
                QueueCause.Ignored,
                [new LotChange(LotChangeKind.SlotClosed, request.LotOf(slot.SlotIndex), slot.SlotIndex)])
            : null;
    }

    /// <summary>A sale of ours is over and cleaned up.</summary>
    /// <param name="sold">The slot, as it was taken.</param>
    /// <param name="again">Whether it may be sold after all; otherwise never.</param>
    /// <param name="isSeen">Whether it then waits behind all others until an availability changes.</param>
    /// <param name="isLost">Whether this host was forced out of the slot: as <see cref="Shun"/> says.</param>
    public LotChanges? Return(OpenSlot sold, bool again, bool isSeen, bool isLost = false)
    {
        if (isLost)
        {
            Shun(sold.Slot, sold.Terms.EndsAt); // A slot with a sale is not open: nothing leaves the queue.
        }

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
            slot.FailedTries = again && !isSeen ? slot.FailedTries : 0;
        });
        return PutBack(request, sold.SlotIndex, isSeen && isSameOffer, QueueCause.Ignored);
    }
}
