namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>The token's functions that a host calls. Source: ERC-20.</summary>
internal static class TokenFunctions
{
    public static readonly ContractFunction Approve = new("approve(address,uint256)");
    public static readonly ContractFunction Allowance = new("allowance(address,address)");
    public static readonly ContractFunction BalanceOf = new("balanceOf(address)");
}
