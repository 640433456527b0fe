namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>An error that a contract declares.</summary>
/// <param name="Function">Its signature.</param>
/// <param name="Meaning">What it says, without the full stop.</param>
/// <param name="Refusal">What the pipeline makes of it.</param>
internal sealed record DeclaredError(ContractFunction Function, string Meaning, MarketRefusal Refusal)
{
    private const string ShortfallArguments = "(address,uint256,uint256)";

    public string Name { get; } = Function.Name;

    public ReadOnlyMemory<byte> Selector { get; } = Function.GetSelector();

    /// <summary>Whether its arguments are an account, what is there, and what is needed.</summary>
    public bool IsShortfall => Function.Signature.EndsWith(ShortfallArguments, StringComparison.Ordinal);
}
