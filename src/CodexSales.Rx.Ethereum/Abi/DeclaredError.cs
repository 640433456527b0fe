namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>An error that a contract declares, its meaning (without the full stop), and its kind of refusal.</summary>
internal sealed record DeclaredError(ContractFunction Function, string Meaning, MarketRefusal Refusal)
{
    private const string ShortfallArguments = "(address,uint256,uint256)";

    public string Name { get; } = Function.Name;

    public ReadOnlyMemory<byte> Selector { get; } = Function.GetSelector();

    /// <summary>Whether its arguments are an account, the amount there, and the amount that is needed.</summary>
    public bool IsShortfall => Function.Signature.EndsWith(ShortfallArguments, StringComparison.Ordinal);
}
