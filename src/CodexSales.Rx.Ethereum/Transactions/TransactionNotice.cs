namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Something that happened to a transaction, for people and logs.</summary>
/// <param name="At">When, on the scheduler's clock.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Purpose">The transaction's purpose.</param>
/// <param name="Nonce">Its nonce; null before it has one.</param>
/// <param name="Hash">Its hash; null where there is none, or only the node knows it.</param>
/// <param name="Detail">One sentence.</param>
/// <param name="SpentWei">Its cost in fees, in wei; null unless it was mined.</param>
public sealed record TransactionNotice(
    DateTimeOffset At,
    TransactionNoticeKind Kind,
    TransactionPurpose Purpose,
    ulong? Nonce,
    Bytes32? Hash,
    string Detail,
    UInt256? SpentWei = null);
