using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transaction that is wanted.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Call">
/// What it does. Asked for when its turn has come, so that it may depend on what was sent before it.
/// </param>
/// <param name="Sent">Told, still in that turn, that it has its nonce.</param>
/// <param name="Until">
/// The last second of a block for which its proof is made; null for any. When the turn comes too late it is not sent.
/// </param>
internal sealed record TransactionIntent(
    TransactionPurpose Purpose, Func<ContractCall> Call, Action? Sent = null, UnixSeconds? Until = null);
