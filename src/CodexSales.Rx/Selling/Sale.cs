using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Selling;

/// <summary>One attempt to sell one slot, from the moment that a worker takes it until it is cleaned up.</summary>
/// <param name="Number">Unique in its store, also over restarts: a later sale of the same slot is another sale.</param>
/// <param name="Offer">The slot as it stood in the queue.</param>
public sealed record Sale(long Number, OpenSlot Offer)
{
    /// <summary>When it began, on the chain's clock.</summary>
    public UnixSeconds StartedAt { get; init; }

    /// <summary>The slot's whole request; null until the contract has told it.</summary>
    public StorageRequest? Request { get; init; }

    /// <summary>
    /// Whether it goes on with a slot that the contract said was this host's, and of which nobody here knew: what became of
    /// the collateral may be in the books of a sale before it.
    /// </summary>
    internal bool IsAdopted { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => Offer.Slot;

    /// <summary>
    /// What the slot pays and costs: that of the offer, but for its times where its request came again in another block.
    /// </summary>
    public SlotTerms Terms { get; init; } = Offer.Terms;
}
