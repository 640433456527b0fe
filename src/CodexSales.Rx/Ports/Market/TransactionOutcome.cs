namespace CodexSales.Rx.Ports.Market;

/// <summary>The outcome of a transaction. The hierarchy is closed: the cases are those in this file.</summary>
public abstract record TransactionOutcome
{
    private protected TransactionOutcome()
    {
    }
}

/// <summary>It is in a block and did what it should.</summary>
/// <param name="Block">The block.</param>
/// <param name="Payout">Its payout to this host; null when it was not meant to pay.</param>
public sealed record TransactionLanded(BlockStamp Block, SlotPayout? Payout = null) : TransactionOutcome;

/// <summary>
/// It was not sent, and nothing of it can land. The obstacle passes: fees, limits of spending, ether for gas, a node
/// that can't be asked or takes no more transactions. A revert without a known reason, as for want of gas, counts as
/// one, too. It may be asked for again later.
/// </summary>
/// <param name="Detail">One sentence for people.</param>
public sealed record TransactionNotSent(string Detail) : TransactionOutcome;

/// <summary>
/// The contract refuses it, in a block or before it was sent: it did nothing, and unless blocks are replaced it never
/// will. Ask for its consequences as of a block that is not before <paramref name="Block"/>.
/// </summary>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Block">The block in which it was reverted; null where it was refused before it was in one.</param>
public sealed record TransactionRefused(MarketRefusal Reason, string Detail, BlockStamp? Block = null) : TransactionOutcome;

/// <summary>It was sent, and nobody knows whether it has landed or will: ask the chain before deciding.</summary>
/// <param name="Detail">One sentence for people.</param>
public sealed record TransactionInDoubt(string Detail) : TransactionOutcome;

/// <summary>The payout of <c>freeSlot</c> in the token's smallest unit. Source: the contract's two transfers.</summary>
/// <param name="Reward">For the time that the slot was filled.</param>
/// <param name="Collateral">The rest of the collateral.</param>
public sealed record SlotPayout(UInt256 Reward, UInt256 Collateral);
