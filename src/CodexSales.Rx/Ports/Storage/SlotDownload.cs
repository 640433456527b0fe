namespace CodexSales.Rx.Ports.Storage;

/// <summary>The data to fetch, and the time for which to keep it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Request">Its whole request, with content id and Merkle root.</param>
/// <param name="KeepUntil">The time until which to keep it, as far as it is known before the slot is filled.</param>
/// <param name="IsRepair">Whether a lost slot is repaired: its data must be rebuilt from the other slots.</param>
public sealed record SlotDownload(SlotKey Slot, StorageRequest Request, UnixSeconds KeepUntil, bool IsRepair);
