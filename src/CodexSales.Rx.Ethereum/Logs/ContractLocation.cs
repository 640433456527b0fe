namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>Where a Marketplace contract is.</summary>
/// <param name="ChainId">The chain. Source: <c>eth_chainId</c>.</param>
/// <param name="Marketplace">The contract's address.</param>
public readonly record struct ContractLocation(ulong ChainId, Address Marketplace);
