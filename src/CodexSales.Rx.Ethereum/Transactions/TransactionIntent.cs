using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transaction that is wanted.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Call">
/// What it does. Asked for when its turn has come, so that it may depend on what was sent before it.
/// </param>
/// <param name="Sent">Told, still in that turn, that it has its nonce.</param>
internal sealed record TransactionIntent(TransactionPurpose Purpose, Func<ContractCall> Call, Action? Sent = null);
