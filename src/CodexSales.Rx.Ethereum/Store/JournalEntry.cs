namespace CodexSales.Rx.Ethereum.Store;

/// <summary>All that was sent under one nonce, what for, and how it ended.</summary>
/// <remarks>
/// Identified by <see cref="Sender"/> and <see cref="Nonce"/>. A nonce that was given back is used again: the newer
/// entry replaces the older one.
/// </remarks>
public sealed record JournalEntry
{
    /// <summary>The account that sends.</summary>
    public required SendingAccount Sender { get; init; }

    /// <summary>The account's number of the transaction. At most one transaction of a nonce ever lands.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>What it is for.</summary>
    public required TransactionPurpose Purpose { get; init; }

    /// <summary>At least one attempt, the oldest first. Each replaces those before, yet any may be mined.</summary>
    public required ImmutableArray<TransactionAttempt> Attempts { get; init; }

    /// <summary>How it ended; null while it is in flight.</summary>
    public TransactionEnd? End { get; init; }
}
