namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>A question to a contract, or what a transaction does to it. The name is for people.</summary>
internal sealed record ContractCall(Address From, Address To, string Name, ImmutableArray<byte> Data)
{
    public ContractCall(Address from, Address to, ContractFunction function, ImmutableArray<byte> data)
        : this(from, to, function.Name, data)
    {
    }
}
