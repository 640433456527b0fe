using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Selling;

/// <summary>One attempt to sell one slot, from the moment that a worker takes it until it is cleaned up.</summary>
/// <param name="Number">Unique in its store, also over restarts: a later sale of the same slot is another sale.</param>
/// <param name="Offer">The slot as it stood in the queue.</param>
public sealed record Sale(long Number, OpenSlot Offer)
{
    /// <summary>The start of the sale, on the chain's clock.</summary>
    public UnixSeconds StartedAt { get; init; }

    /// <summary>The slot's whole request; null until the contract has told it.</summary>
    public StorageRequest? Request { get; init; }

    /// <summary>True if it goes on with a slot that is this host's by the contract, and that no store knew: an earlier
    /// sale may have lost its collateral already.</summary>
    internal bool IsAdopted { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => Offer.Slot;

    /// <summary>The offer's terms, but with later times if its request came again in another block.</summary>
    public SlotTerms Terms { get; init; } = Offer.Terms;
}
