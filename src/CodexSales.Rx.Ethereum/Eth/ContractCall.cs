using CodexSales.Rx.Ethereum.Abi;

namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>A question to a contract, or what a transaction does to it.</summary>
/// <param name="From">Who asks: the contract sees it as the sender.</param>
/// <param name="To">The contract.</param>
/// <param name="Name">The function's name, for people.</param>
/// <param name="Data">The function's selector and arguments.</param>
internal sealed record ContractCall(Address From, Address To, string Name, ImmutableArray<byte> Data)
{
    public ContractCall(Address from, Address to, ContractFunction function, ImmutableArray<byte> data)
        : this(from, to, function.Name, data)
    {
    }
}
