using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Requests;

/// <summary>What one cause does to lots: made one commit of the queue.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Changes">What changes, in order.</param>
/// <param name="ForgetsSeen">Whether slots that a sale gave up may be tried again.</param>
internal sealed record LotChanges(QueueCause Cause, IReadOnlyList<LotChange> Changes, bool ForgetsSeen = false);

/// <summary>What happens to a lot, or to one slot of it.</summary>
internal readonly record struct LotChange(LotChangeKind Kind, SlotLot Lot, ulong SlotIndex = 0);

/// <summary>The kinds of <see cref="LotChange"/>.</summary>
internal enum LotChangeKind
{
    /// <summary>The lot's open slots may be queued from now on.</summary>
    LotOpened,

    /// <summary>None of the lot's slots may be queued any more.</summary>
    LotClosed,

    /// <summary>One slot of the lot can be filled again.</summary>
    SlotOpened,

    /// <summary>One slot of the lot can't be filled any more.</summary>
    SlotClosed,
}
