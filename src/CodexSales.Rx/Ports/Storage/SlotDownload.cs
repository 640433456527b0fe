namespace CodexSales.Rx.Ports.Storage;

/// <summary>What to fetch, and for how long to keep it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Request">Its whole request, with content id and Merkle root.</param>
/// <param name="KeepUntil">Until when the data is wanted, as far as is known before the slot is filled.</param>
/// <param name="IsRepair">Whether a lost slot is repaired: its data must be rebuilt from the other slots.</param>
public sealed record SlotDownload(SlotKey Slot, StorageRequest Request, UnixSeconds KeepUntil, bool IsRepair);
