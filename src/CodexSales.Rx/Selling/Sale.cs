using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Selling;

/// <summary>One attempt to sell one slot, from the moment that a worker takes it until it is cleaned up.</summary>
/// <param name="Number">Unique in its store, also over restarts: a later sale of the same slot is another sale.</param>
/// <param name="Offer">The slot as it stood in the queue.</param>
public sealed record Sale(long Number, OpenSlot Offer)
{
    /// <summary>When it began, on the chain's clock.</summary>
    public UnixSeconds StartedAt { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => Offer.Slot;

    /// <summary>
    /// What the slot pays and costs: that of the offer, but for its times where its request came again in another block.
    /// </summary>
    public SlotTerms Terms { get; init; } = Offer.Terms;
}
