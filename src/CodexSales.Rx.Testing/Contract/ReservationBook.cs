using System.Runtime.InteropServices;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>Which hosts have reserved which slots, also slots that don't exist.</summary>
internal sealed class ReservationBook(int mostPerSlot)
{
    private readonly Dictionary<SlotKey, List<Address>> _hosts = [];

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

    public ReservationBook Copy()
    {
        var copy = new ReservationBook(mostPerSlot);
        foreach (var (slot, hosts) in _hosts)
        {
            copy._hosts.Add(slot, [.. hosts]);
        }

        return copy;
    }

    public void Clear(SlotKey slot) => _hosts.Remove(slot);
}
