namespace CodexSales.Rx.Ports.Market;

/// <summary>All that the contract says of a slot as of one block. Immutable.</summary>
public sealed record SlotView
{
    /// <summary>The block. What is said here holds after it, and need not hold in any other.</summary>
    public required BlockStamp AsOf { get; init; }

    /// <summary>The state of the slot. Source: <c>slotState</c>.</summary>
    public required SlotState State { get; init; }

    /// <summary>
    /// Who fills the slot, or filled it when its request ended; null when nobody does. Source: <c>getHost</c>.
    /// </summary>
    public required Address? Host { get; init; }

    /// <summary>
    /// The state of its request; null when the contract does not know the request. Source: <c>requestState</c>.
    /// </summary>
    public required RequestState? RequestState { get; init; }

    /// <summary>
    /// What the slot must prove; null where the contract's arithmetic fails, as it does for a probability near 2^256:
    /// then nobody can mark a proof as missing either.
    /// </summary>
    public required ProofDemand? Demand { get; init; }

    /// <summary>
    /// What is left of the collateral that the contract counts for the slot, in the token's smallest unit. Source:
    /// <c>currentCollateral</c>.
    /// </summary>
    public required UInt256 Collateral { get; init; }

    /// <summary>
    /// How many proofs were marked as missing since the slot was filled last. Source: <c>missingProofs</c>.
    /// </summary>
    public required ulong MissedProofs { get; init; }
}
