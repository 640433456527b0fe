namespace CodexSales.Rx.Domain.Reasons;

/// <summary>The contract's reasons to refuse a transaction of a host. Each names the contract's error.</summary>
public enum MarketRefusal
{
    /// <summary>Any other reason, told by the detail.</summary>
    Other = 0,

    /// <summary>
    /// The slot has all its reservations, or this host has reserved it already.
    /// <c>SlotReservations_ReservationNotAllowed</c>.
    /// </summary>
    ReservationNotAllowed,

    /// <summary>This host has not reserved the slot. <c>Marketplace_ReservationRequired</c>.</summary>
    ReservationRequired,

    /// <summary>Another host fills the slot, or its request is over. <c>Marketplace_SlotNotFree</c>.</summary>
    SlotNotFree,

    /// <summary>Nobody fills the slot. <c>Marketplace_SlotIsFree</c>.</summary>
    SlotIsFree,

    /// <summary>
    /// This host does not fill the slot. <c>Marketplace_InvalidSlotHost</c>,
    /// <c>Marketplace_ProofNotSubmittedByHost</c>.
    /// </summary>
    NotTheHost,

    /// <summary>The slot was paid out already. <c>Marketplace_AlreadyPaid</c>.</summary>
    AlreadyPaid,

    /// <summary>
    /// The slot was filled in the second of its request's end or expiry: the contract never gives it back.
    /// <c>Marketplace_StartNotBeforeExpiry</c>.
    /// </summary>
    StartNotBeforeExpiry,

    /// <summary>The contract does not know the request. <c>Marketplace_UnknownRequest</c>.</summary>
    UnknownRequest,

    /// <summary>The request has no slot of that index. <c>Marketplace_InvalidSlot</c>.</summary>
    InvalidSlot,

    /// <summary>The proof does not verify. <c>Proofs_InvalidProof</c>.</summary>
    InvalidProof,

    /// <summary>The slot has its proof of this period. <c>Proofs_ProofAlreadySubmitted</c>.</summary>
    ProofAlreadySubmitted,

    /// <summary>Few tokens or allowance: <c>ERC20InsufficientBalance</c>, <c>ERC20InsufficientAllowance</c>.</summary>
    InsufficientFunds,
}
