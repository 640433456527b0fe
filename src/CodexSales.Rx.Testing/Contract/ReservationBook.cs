using System.Runtime.InteropServices;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>The hosts that have reserved each slot, also slots that don't exist.</summary>
internal sealed class ReservationBook(int mostPerSlot)
{
    private Dictionary<SlotKey, List<Address>> _hosts = [];

    public bool IsFull(SlotKey slot) => _hosts.TryGetValue(slot, out var hosts) && hosts.Count >= mostPerSlot;

    public bool Has(SlotKey slot, Address host) => _hosts.TryGetValue(slot, out var hosts) && hosts.Contains(host);

    public void Add(SlotKey slot, Address host) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(_hosts, slot, out _) ??= new List<Address>(1)).Add(host);

    public void AddUntilFull(SlotKey slot, Address host)
    {
        while (!IsFull(slot))
        {
            Add(slot, host);
        }
    }

    public ReservationBook Copy() =>
        new(mostPerSlot) { _hosts = _hosts.ToDictionary(entry => entry.Key, entry => entry.Value.ToList()) };

    public void Clear(SlotKey slot) => _hosts.Remove(slot);
}
