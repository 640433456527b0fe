namespace CodexSales.Rx.Ethereum;

/// <summary>Remembers until which block the challenge of each slot holds: a proof that is mined later is verified
/// against another one. Of the newest period only. Threading: any thread.</summary>
internal sealed class Challenges
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, ulong> _lastBlocks = [];
    private ulong _period;

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

    /// <summary>The last block of a slot's challenge in a period (by default the newest); null if not known.</summary>
    public ulong? LastBlockOf(SlotKey slot, ulong? period = null)
    {
        lock (_gate)
        {
            return (period ?? _period) == _period && _lastBlocks.TryGetValue(slot, out var last) ? last : null;
        }
    }
}
