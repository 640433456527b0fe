namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>What an account has, as of one block.</summary>
/// <param name="AsOf">The block.</param>
/// <param name="Ether">In wei: what transactions are paid with.</param>
/// <param name="Tokens">In the token's smallest unit: what collateral is paid with.</param>
/// <param name="Allowance">What the contract may take of these. A fill that needs more is preceded by an approval.</param>
public sealed record AccountBalances(BlockStamp AsOf, UInt256 Ether, UInt256 Tokens, UInt256 Allowance);
