namespace CodexSales.Rx.Ports.Store;

/// <summary>A slot that the contract took away from this host: a sale of it ended as forced out.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="EndsAt">The last second of its request: until then another host may be paid to repair it.</param>
public sealed record LostSlot(SlotKey Slot, UnixSeconds EndsAt);
