namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Begins a call: with the function's selector, after which its arguments come.</summary>
internal static class CallData
{
    public static AbiWords To(ContractFunction function) => new(function.GetSelector());

    public static ImmutableArray<byte> Of(ContractFunction function) => To(function).ToBytes();

    public static ImmutableArray<byte> Of(ContractFunction function, Bytes32 id) => To(function).Add(id).ToBytes();
}
