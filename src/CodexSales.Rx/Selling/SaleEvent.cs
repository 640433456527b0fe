using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Selling;

/// <summary>
/// What can happen to a sale: an outcome of its own work, or an interruption from the chain. Closed: the cases are
/// these.
/// </summary>
internal abstract record SaleEvent;

internal sealed record SlotStateFound(SlotState State) : SaleEvent;

/// <param name="State">What the contract says of the slot, or that its request has expired.</param>
/// <param name="IsMine">Whether this host fills the slot.</param>
/// <param name="Request">Its whole request; null when the contract does not know it.</param>
/// <param name="FilledAt">When it was filled, if an event has told.</param>
internal sealed record SlotFound(SlotState State, bool IsMine, StorageRequest? Request, UnixSeconds? FilledAt = null)
    : SaleEvent;

/// <summary>The process before had decided on the end already.</summary>
internal sealed record EndRemembered : SaleEvent;

internal sealed record RequestNotFound : SaleEvent;

internal sealed record FundsTooLow(string Detail) : SaleEvent;

internal sealed record NothingTakesIt(RefusalReason Refusal) : SaleEvent;

internal sealed record ExpiryTooNear : SaleEvent;

internal sealed record Prepared(StorageRequest Request, Hold Hold) : SaleEvent;

internal sealed record SlotReserved : SaleEvent;

internal sealed record ReservationRefused(string Detail) : SaleEvent;

internal sealed record DataStored : SaleEvent;

internal sealed record InitialProofMade(Groth16Proof Proof) : SaleEvent;

/// <param name="At">When it landed, where our own transaction tells; null when the slot is just not free any more.</param>
internal sealed record FillLanded(UnixSeconds? At = null) : SaleEvent;

internal sealed record FillRefused(MarketRefusal Refusal, string Detail) : SaleEvent;

/// <param name="IsMe">Whether this host fills the slot.</param>
/// <param name="Hold">What is held from now on for a slot of ours.</param>
/// <param name="FilledAt">When it was filled, if an event has told.</param>
internal sealed record HostFound(bool IsMe, Hold? Hold = null, UnixSeconds? FilledAt = null) : SaleEvent;

internal sealed record ProofMissed(ulong Period) : SaleEvent;

/// <summary>The slot is given back to the contract.</summary>
/// <param name="Payout">What that paid; null when the contract had paid before, and nobody heard of it.</param>
/// <param name="FilledAt">When it had been filled, if an event has told.</param>
internal sealed record SlotGivenUp(SlotPayout? Payout, UnixSeconds? FilledAt = null) : SaleEvent;

internal sealed record WorkFailed(SaleReason Reason, string Detail, SecondTry Again = SecondTry.Never) : SaleEvent;

internal sealed record SlotTaken(UnixSeconds At = default) : SaleEvent;

/// <summary>The request is told of, perhaps once more: in another block it has other times.</summary>
internal sealed record RequestTold(UnixSeconds ExpiresAt, UnixSeconds EndsAt) : SaleEvent;

internal sealed record RequestExpiredOnChain : SaleEvent;

internal sealed record RequestFailedOnChain : SaleEvent;

/// <summary>The chain does not know the request any more: its block was taken back, and no other one has it.</summary>
internal sealed record RequestGoneFromChain : SaleEvent;
