namespace CodexSales.Rx.Ethereum.Store;

/// <summary>All that was sent under one nonce, what for, and how it ended.</summary>
/// <remarks>
/// Identified by <see cref="Sender"/> and <see cref="Nonce"/>. A nonce that was given back is used again, by another
/// purpose: the newer entry replaces the older one.
/// </remarks>
public sealed record JournalEntry
{
    /// <summary>The account that sends.</summary>
    public required SendingAccount Sender { get; init; }

    /// <summary>The account's number of the transaction. At most one transaction of a nonce ever lands.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>What it is for.</summary>
    public required TransactionPurpose Purpose { get; init; }

    /// <summary>
    /// What was sent under the nonce, the oldest first; at least one, and few. Each but the first replaces the ones
    /// before it at a higher price, yet any of them may land.
    /// </summary>
    public required ImmutableArray<TransactionAttempt> Attempts { get; init; }

    /// <summary>How it ended; null while it is in flight.</summary>
    public TransactionEnd? End { get; init; }
}
