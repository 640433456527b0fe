namespace CodexSales.Rx.Requests;

/// <summary>What one cause does to groups: made one commit of the queue.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Changes">What changes, in order.</param>
/// <param name="ForgetsSeen">Whether slots that a sale gave up may be tried again.</param>
internal sealed record SlotGroupChanges(QueueCause Cause, IReadOnlyList<LotChange> Changes, bool ForgetsSeen = false);

/// <summary>What happens to a group, or to one slot of it.</summary>
internal readonly record struct LotChange(LotChangeKind Kind, SlotGroup Group, ulong SlotIndex = 0);

/// <summary>The kinds of <see cref="LotChange"/>.</summary>
internal enum LotChangeKind
{
    /// <summary>The group's open slots may be queued from now on.</summary>
    LotOpened,

    /// <summary>None of the group's slots may be queued any more.</summary>
    LotClosed,

    /// <summary>One slot of the group can be filled again.</summary>
    SlotOpened,

    /// <summary>One slot of the group can't be filled any more.</summary>
    SlotClosed,
}
