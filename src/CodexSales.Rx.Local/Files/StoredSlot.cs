namespace CodexSales.Rx.Local.Files;

/// <summary>The data of one slot in a directory.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Bytes">How many bytes of it there are.</param>
/// <param name="IsComplete">Whether those are all.</param>
/// <param name="KeepUntil">Until when it is to be kept; null when that was never noted.</param>
public sealed record StoredSlot(SlotKey Slot, ulong Bytes, bool IsComplete, UnixSeconds? KeepUntil);
