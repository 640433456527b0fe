using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>The state of one key of a cache after a commit.</summary>
/// <param name="Version">The number of the commit, or of the last one before; 0 for none.</param>
/// <param name="Item">The item, or null when the cache has none with that key.</param>
/// <param name="Position">The position after the change, or −1. Moves of other items aren't told.</param>
/// <param name="Cause">Why it changed; the cache's snapshot cause for the state at the beginning.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WatchedItem<TItem, TCause>(long Version, TItem? Item, int Position, TCause Cause)
    where TItem : class
    where TCause : struct, Enum;
