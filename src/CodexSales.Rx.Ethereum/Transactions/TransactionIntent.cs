namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transaction that is wanted.</summary>
/// <param name="Purpose">Its purpose.</param>
/// <param name="Call">The call that it makes.</param>
/// <param name="Until">The last second of a block that its proof is valid in; null for any. Cancelled later.</param>
/// <param name="UntilBlock">The last block whose challenge its proof answers; null for any. Not sent later.</param>
/// <param name="Token">The token of the <see cref="TransactionPurpose.Amount"/> that is taken; null for none.</param>
internal sealed record TransactionIntent(
    TransactionPurpose Purpose,
    ContractCall Call,
    UnixSeconds? Until = null,
    ulong? UntilBlock = null,
    Address? Token = null);
