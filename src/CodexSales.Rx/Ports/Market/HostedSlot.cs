namespace CodexSales.Rx.Ports.Market;

/// <summary>A slot that the contract lists as this host's, with its whole request.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Request">Its request.</param>
/// <param name="ExpiresAt">The last second in which the request could be filled. Source: <c>requestExpiry</c>.</param>
/// <param name="EndsAt">The last second of the request. Source: <c>requestEnd</c>.</param>
public sealed record HostedSlot(SlotKey Slot, StorageRequest Request, UnixSeconds ExpiresAt, UnixSeconds EndsAt);
