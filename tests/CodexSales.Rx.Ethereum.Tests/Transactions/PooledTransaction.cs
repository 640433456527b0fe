using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>A transaction that the fake node has, in a block or not.</summary>
internal sealed record PooledTransaction(Bytes32 Hash, UnsignedTransaction Transaction);
