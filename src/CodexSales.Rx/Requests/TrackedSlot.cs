namespace CodexSales.Rx.Requests;

/// <summary>The history of one slot: on chain, and here.</summary>
internal sealed class TrackedSlot
{
    // Cycles of freeing and filling one slot that a reorganisation can undo.
    private const int RememberedRepairs = 16;

    // Each time that it was freed: the group that it is since then, and what had happened to it until then.
    private readonly List<(SlotGroup Group, List<BlockStamp> Fills, bool WasReserved, bool WasDone)> _repairs = [];

    // The blocks in which it was filled since it was freed last: more than one where a node has left out that it was freed.
    private List<BlockStamp> _fills = [];

    public bool IsFilled => _fills.Count > 0;

    /// <summary>When it was filled last, as its event says; null when it is not filled.</summary>
    public UnixSeconds? FilledAt => IsFilled ? _fills[^1].Time : null;

    /// <summary>It has all its reservations.</summary>
    public bool IsReserved { get; set; }

    /// <summary>One of these is this host's: then it may fill the slot, however many others have reserved it.</summary>
    public bool IsReservedByUs { get; set; }

    /// <summary>The group that it is since it was freed last; null when it never was.</summary>
    public SlotGroup? Repair => _repairs.Count > 0 ? _repairs[^1].Group : null;

    /// <summary>A sale of ours has decided against it for good.</summary>
    public bool IsDone { get; set; }

    /// <summary>This host was forced out of it: it is not ours to sell again, whatever becomes of it.</summary>
    public bool IsLost { get; set; }

    /// <summary>The number of sales of ours in a row that came to nothing for a reason that passes.</summary>
    public int FailedTries { get; set; }

    /// <summary>Whether nothing that happened to it keeps a new sale from filling it.</summary>
    public bool IsFree => !IsFilled && !IsReservedByOthers && !IsDone && !IsLost;

    /// <summary>Whether other hosts have all reservations that it may have.</summary>
    public bool IsReservedByOthers => IsReserved && !IsReservedByUs;

    /// <summary>It was filled in a block; false when that is known.</summary>
    public bool Fill(BlockStamp block)
    {
        if (_fills.Contains(block))
        {
            return false;
        }

        if (_fills.Count == RememberedRepairs)
        {
            _fills.RemoveAt(0);
        }

        _fills.Add(block);
        return true;
    }

    /// <summary>It was not filled in a block after all; false when another fill stands, or that one was not known.</summary>
    public bool RevertFill(BlockStamp block) => _fills.Remove(block) && !IsFilled;

    /// <summary>The slot was freed: it is another group from now on, to which nothing has happened yet.</summary>
    public void AddRepair(SlotGroup group)
    {
        if (_repairs.Count == RememberedRepairs)
        {
            _repairs.RemoveAt(0);
        }

        _repairs.Add((group, _fills, IsReserved, IsDone));
        (_fills, IsReserved, IsReservedByUs, IsDone, FailedTries) = ([], false, false, false, 0);
    }

    /// <summary>The slot was not freed after all: it is what it was before, filled.</summary>
    public void RevertRepair()
    {
        (_, _fills, IsReserved, IsDone) = _repairs[^1];
        _repairs.RemoveAt(_repairs.Count - 1);
    }
}
