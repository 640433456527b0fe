namespace CodexSales.Rx.Ethereum;

/// <summary>
/// Remembers until which block the challenge of each slot stays the one that was seen last: a proof that lands in a later
/// block is verified against another one.
/// </summary>
/// <remarks>
/// Of one period only, the newest: it holds no more slots than are looked at in a period. Threading: any thread.
/// </remarks>
internal sealed class Challenges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, ulong> _lastBlocks = [];
    private ulong _period;

    /// <summary>Notes what was seen of a slot.</summary>
    public void Note(SlotKey slot, SlotView view)
    {
        if (view.Demand is not { } demand)
        {
            return;
        }

        lock (_gate)
        {
            if (demand.Period > _period)
            {
                _period = demand.Period;
                _lastBlocks.Clear();
            }

            if (demand.Period == _period)
            {
                // The pointer grows by one with each block, and then wraps.
                _lastBlocks[slot] = view.AsOf.Number + byte.MaxValue - demand.Pointer;
            }
        }
    }

    /// <summary>The last block of a slot's challenge; null when nobody looked at it in the period.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="period">The period; null for the newest one in which a slot was looked at.</param>
    public ulong? LastBlockOf(SlotKey slot, ulong? period = null)
    {
        lock (_gate)
        {
            return (period ?? _period) == _period && _lastBlocks.TryGetValue(slot, out var last) ? last : null;
        }
    }
}
