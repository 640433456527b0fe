using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transaction that is wanted.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Call">What it does.</param>
/// <param name="Until">
/// The last second of a block for which its proof is made; null for any. What can't be in such a block any more is not
/// sent, and withdrawn if it was.
/// </param>
/// <param name="UntilBlock">
/// The last block whose challenge its proof answers; null for any. It is not sent when the next block is a later one.
/// </param>
/// <param name="Token">
/// The token of which the contract takes <see cref="TransactionPurpose.Amount"/>, and must be allowed to; null when it
/// takes none.
/// </param>
internal sealed record TransactionIntent(
    TransactionPurpose Purpose,
    ContractCall Call,
    UnixSeconds? Until = null,
    ulong? UntilBlock = null,
    Address? Token = null);
