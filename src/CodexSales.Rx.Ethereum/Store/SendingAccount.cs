namespace CodexSales.Rx.Ethereum.Store;

/// <summary>An account on its chain, for which nonces are counted.</summary>
/// <param name="ChainId">The chain. Source: <c>eth_chainId</c>.</param>
/// <param name="Account">The account.</param>
public readonly record struct SendingAccount(ulong ChainId, Address Account);
