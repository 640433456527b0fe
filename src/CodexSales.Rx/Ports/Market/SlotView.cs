namespace CodexSales.Rx.Ports.Market;

/// <summary>The contract's state of a slot as of one block. Immutable.</summary>
public sealed record SlotView
{
    /// <summary>The block. All of this holds after it, and need not hold in any other.</summary>
    public required BlockStamp AsOf { get; init; }

    /// <summary>The state of the slot. Source: <c>slotState</c>.</summary>
    public required SlotState State { get; init; }

    /// <summary>The slot's host, also after its request has ended; null for nobody. Source: <c>getHost</c>.</summary>
    public required Address? Host { get; init; }

    /// <summary>The state of its request; null for one unknown to the contract. Source: <c>requestState</c>.</summary>
    public required RequestState? RequestState { get; init; }

    /// <summary>The proof that the slot owes; null where the contract's arithmetic overflows, for a probability near
    /// 2^256: then nobody can mark a proof as missing either.</summary>
    public required ProofDemand? Demand { get; init; }

    /// <summary>The rest of the collateral that the contract counts for the slot, in the token's smallest unit. Source:
    /// <c>currentCollateral</c>.</summary>
    public required UInt256 Collateral { get; init; }

    /// <summary>The proofs marked as missing since the slot was filled last. Source: <c>missingProofs</c>.</summary>
    public required ulong MissedProofs { get; init; }
}
