namespace CodexSales.Rx.Requests;

/// <content>Which requests give way when there are too many. O(log n) each.</content>
internal sealed partial class RequestTracker
{
    /// <summary>Takes note that some availability takes a group, or that none does any more.</summary>
    public void NoteTaken(SlotGroup group, bool isTaken)
    {
        if (_requests.TryGetValue(group.Terms.RequestId, out var request))
        {
            request.TakenGroups += isTaken ? 1 : -1;
            Note(request);
        }
    }

    /// <summary>Drops the least useful requests as long as there are too many, and tells of each as refused: those that
    /// are over first, then those of which nothing is open, those that no availability takes, and those that pay least.
    /// A request with a sale of ours is never dropped.</summary>
    /// <remarks>To be called after each input, once it is known which of its groups are taken.</remarks>
    public IEnumerable<SlotGroupChanges> Trim(UnixSeconds now)
    {
        while (_requests.Count > _limits.MaxRequests && _mayGiveWay.Count > 0)
        {
            var request = _mayGiveWay[0];
            _refuse(TooMany(request, now));
            var change = Change(QueueCause.Evicted, SlotGroupChangeKind.GroupClosed, request.OpenGroups);
            Forget(request);
            if (change.Changes.Count > 0)
            {
                yield return change;
            }
        }
    }

    // Of a new request is not known yet whether an availability takes it.
    private bool RefuseLeastUseful(TrackedRequest newcomer, UnixSeconds now)
    {
        var use = newcomer.Usefulness;
        use = use.Use == RequestUse.NotTaken ? use with { Use = RequestUse.ForSale } : use;
        if (_requests.Count < _limits.MaxRequests
            || _active.HasAny(newcomer.RequestId)
            || (_mayGiveWay.Count > 0 && _mayGiveWay[0].Usefulness.CompareTo(use) < 0))
        {
            return false;
        }

        _refuse(TooMany(newcomer, now));
        return true;
    }

    private Refusal TooMany(TrackedRequest request, UnixSeconds now) => new(
        now, request.RequestId, null, RefusalReason.TooManyRequests,
        $"More than {_limits.MaxRequests} requests are known, as many as are kept; of all of them {request.Usefulness.Reason}.");
}
