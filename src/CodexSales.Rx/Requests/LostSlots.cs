namespace CodexSales.Rx.Requests;

/// <summary>The slots that this host was forced out of, each until its request has ended: also while the request is not
/// known, after a restart or while a reorganisation has taken it back.</summary>
internal sealed class LostSlots
{
    private readonly SlotsByRequest _slots = new();
    private readonly PriorityQueue<RequestId, UnixSeconds> _ends = new();

    public void Add(SlotKey slot, UnixSeconds endsAt)
    {
        if (_slots.Add(slot))
        {
            _ends.Enqueue(slot.RequestId, endsAt);
        }
    }

    public IReadOnlyCollection<ulong> Of(RequestId request) => _slots.Of(request);

    public void Forget(UnixSeconds before)
    {
        while (_ends.TryPeek(out var request, out var end) && end < before)
        {
            _ends.Dequeue();
            _slots.RemoveAll(request);
        }
    }
}
