namespace CodexSales.Rx.Requests;

/// <summary>A set of slots that is also asked by request. O(1) each.</summary>
internal sealed class SlotsByRequest
{
    private readonly Dictionary<RequestId, HashSet<ulong>> _slots = [];

    /// <summary>All slots that are in it. O(n).</summary>
    public IEnumerable<SlotKey> All =>
        _slots.SelectMany(request => request.Value.Select(index => new SlotKey(request.Key, index)));

    /// <summary>False when it was in it already.</summary>
    public bool Add(SlotKey slot)
    {
        if (!_slots.TryGetValue(slot.RequestId, out var indices))
        {
            _slots.Add(slot.RequestId, indices = []);
        }

        return indices.Add(slot.SlotIndex);
    }

    public void Remove(SlotKey slot)
    {
        if (_slots.TryGetValue(slot.RequestId, out var indices) && indices.Remove(slot.SlotIndex) && indices.Count == 0)
        {
            _slots.Remove(slot.RequestId);
        }
    }

    public void RemoveAll(RequestId request) => _slots.Remove(request);

    public bool Contains(RequestId request, ulong slotIndex) =>
        _slots.Count > 0 && _slots.TryGetValue(request, out var indices) && indices.Contains(slotIndex);

    public bool HasAny(RequestId request) => _slots.Count > 0 && _slots.ContainsKey(request);

    public IReadOnlyCollection<ulong> Of(RequestId request) =>
        _slots.TryGetValue(request, out var indices) ? indices : [];
}
