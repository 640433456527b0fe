namespace CodexSales.Rx.Testing.Contract;

/// <content>The contract as it is at one moment, to go back to.</content>
internal sealed partial class SimulatedContract
{
    /// <summary>The same state, which what happens here from now on does not change. O(requests and slots).</summary>
    public SimulatedContract Copy()
    {
        var copy = new SimulatedContract(_options, _draw, _reservations.Copy(), Tokens.Copy());
        foreach (var (id, request) in _requests)
        {
            copy._requests.Add(id, request.Copy());
        }

        foreach (var (key, slot) in _slots)
        {
            var copied = slot.CopyOf(copy._requests[key.RequestId]);
            copy._slots.Add(key, copied);
            copy._slotsById.Add(slot.Id, copied);
        }

        copy._watched.AddRange(_watched.Select(slot => copy._slots[slot.Key]));
        foreach (var (host, slots) in _slotsOfHost)
        {
            copy._slotsOfHost.Add(host, [.. slots.Select(slot => copy._slots[slot.Key])]);
        }

        return copy;
    }
}
