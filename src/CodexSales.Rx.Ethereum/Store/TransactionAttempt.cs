namespace CodexSales.Rx.Ethereum.Store;

/// <summary>One transaction as it was sent, or was about to be.</summary>
/// <param name="Unsigned">
/// What was signed: its bytes without a signature. Some hundred bytes.
/// </param>
/// <param name="Signed">What was sent. Empty when the node signs (then only the node knows it).</param>
/// <param name="Hash">The transaction's hash; null when the node signs and has not answered with it yet.</param>
/// <param name="SentAt">When it was sent first, on the scheduler's clock.</param>
/// <param name="IsCancellation">
/// Whether it sends nothing to the account itself, only to use up the nonce of a transaction that has become pointless.
/// </param>
public sealed record TransactionAttempt(
    ImmutableArray<byte> Unsigned,
    ImmutableArray<byte> Signed,
    Bytes32? Hash,
    DateTimeOffset SentAt,
    bool IsCancellation = false);
