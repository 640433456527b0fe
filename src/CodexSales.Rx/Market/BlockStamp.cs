using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Market;

/// <summary>Which block, and when.</summary>
/// <param name="Number">The block's height.</param>
/// <param name="Time">The block's timestamp. Never earlier than its parent's; blocks may share one.</param>
public readonly record struct BlockStamp(ulong Number, UnixSeconds Time);
