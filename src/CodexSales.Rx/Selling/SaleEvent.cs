using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Selling;

/// <summary>An outcome of a sale's own work, or an interruption from the chain. Closed: the cases are these.</summary>
internal abstract record SaleEvent;

/// <summary>The contract's view of the slot as of a block, and the number of proofs that this host has missed if it had
/// the slot and has lost it.</summary>
internal sealed record SlotSeen(SlotView View, bool IsMine, int MissedIfLost) : SaleEvent
{
    /// <summary>The hold from now on for a slot of ours.</summary>
    public Hold? Hold { get; init; }

    /// <summary>The slot's whole request, where it was asked for; null when the contract does not know it.</summary>
    public StorageRequest? Request { get; init; }

    /// <summary>True if by the events up to that block the slot was not freed since this sale took it: a fill of this
    /// host's was in a block that was replaced.</summary>
    public bool IsNeverFreed { get; init; }

    /// <summary>True if this host never filled the slot, or the fill was taken back with its block. A slot that was
    /// filled and lost is in repair, or was, and never free.</summary>
    public bool IsTakenBack => !IsMine
        && (View.State is SlotState.Free || (IsNeverFreed && View.State is not SlotState.Repair));

    /// <summary>The time at which the slot was filled, if an event has told.</summary>
    public UnixSeconds? FilledAt { get; init; }

    /// <summary>The terms of the repair that the slot was filled for, if events have told of one.</summary>
    public SlotTerms? RepairTerms { get; init; }
}

/// <summary>The process before had decided on the end already.</summary>
internal sealed record EndRemembered : SaleEvent;

internal sealed record RequestNotFound : SaleEvent;

internal sealed record FundsTooLow(string Detail) : SaleEvent;

internal sealed record NothingTakesIt(RefusalReason Refusal) : SaleEvent;

internal sealed record ExpiryTooNear : SaleEvent;

internal sealed record Prepared(StorageRequest Request, Hold Hold, bool MayReserve) : SaleEvent;

internal sealed record SlotReserved : SaleEvent;

internal sealed record ReservationRefused(string Detail) : SaleEvent;

internal sealed record DataStored : SaleEvent;

internal sealed record InitialProofMade(ChallengeProof Proof) : SaleEvent;

/// <summary>Our own transaction tells that it has filled the slot.</summary>
internal sealed record FillLanded(BlockStamp Block) : SaleEvent;

internal sealed record FillRefused(MarketRefusal Refusal, string Detail) : SaleEvent;

/// <summary>The slot is given back, and paid; without a payout where one was due, the contract took the slot away.</summary>
internal sealed record SlotGivenUp(BlockStamp Block, SlotPayout? Payout, ulong MissedProofs) : SaleEvent;

/// <summary>A failed slot, or one that the contract never pays, is off this host's list, or can't be given back.</summary>
internal sealed record SlotWrittenOff(BlockStamp Block, ulong MissedProofs) : SaleEvent;

/// <summary>The end of the sale stands in a final block.</summary>
internal sealed record EndStands : SaleEvent;

internal sealed record WorkFailed(SaleReason Reason, string Detail, RequeuePolicy Again = RequeuePolicy.Never) : SaleEvent;

/// <summary>By an event the slot is filled, by this host or another one.</summary>
internal sealed record SlotTaken(BlockStamp Block) : SaleEvent;

/// <summary>The request is told of, perhaps once more: in another block it has other times.</summary>
internal sealed record RequestTold(UnixSeconds ExpiresAt, UnixSeconds EndsAt) : SaleEvent;

/// <summary>Blocks from a number on were replaced: answers as of them may be true no more.</summary>
internal sealed record BlocksReplaced(ulong From) : SaleEvent;

internal sealed record RequestExpiredOnChain : SaleEvent;

internal sealed record RequestFailedOnChain : SaleEvent;

/// <summary>The chain does not know the request any more: its block was taken back, and no other one has it.</summary>
internal sealed record RequestGoneFromChain : SaleEvent;
