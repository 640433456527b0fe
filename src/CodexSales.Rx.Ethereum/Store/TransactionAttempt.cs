namespace CodexSales.Rx.Ethereum.Store;

/// <summary>One transaction as it was sent, or was about to be.</summary>
/// <param name="Unsigned">The signed bytes without a signature. Some hundred bytes.</param>
/// <param name="Signed">The sent bytes. Empty when the node signs (then only the node knows them).</param>
/// <param name="Hash">The transaction's hash; null when the node signs and has not answered with it yet.</param>
/// <param name="SentAt">When it was sent first, on the scheduler's clock.</param>
/// <param name="IsCancellation">Whether it cancels the others: a transfer of nothing to the account itself.</param>
public sealed record TransactionAttempt(
    ImmutableArray<byte> Unsigned,
    ImmutableArray<byte> Signed,
    Bytes32? Hash,
    DateTimeOffset SentAt,
    bool IsCancellation = false);
