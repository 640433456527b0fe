namespace CodexSales.Rx.Requests;

/// <summary>All that one cause does to groups, in order: one commit of the queue. It may end the wait of deferred slots.</summary>
internal sealed record SlotGroupChanges(QueueCause Cause, IReadOnlyList<SlotGroupChange> Changes, bool ClearsDeferred = false);

/// <summary>The changes to a group, or to one slot of it.</summary>
internal readonly record struct SlotGroupChange(SlotGroupChangeKind Kind, SlotGroup Group, ulong SlotIndex = 0);

internal enum SlotGroupChangeKind
{
    /// <summary>The group's open slots may be queued from now on.</summary>
    GroupOpened,

    /// <summary>None of the group's slots may be queued any more.</summary>
    GroupClosed,

    /// <summary>One slot of the group can be filled again.</summary>
    SlotOpened,

    /// <summary>One slot of the group can't be filled any more.</summary>
    SlotClosed,
}
