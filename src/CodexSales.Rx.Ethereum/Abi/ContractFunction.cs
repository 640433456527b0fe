using System.Text;

namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>A function or an error of a contract, as calls and reverts name it.</summary>
/// <param name="Signature">Its name and the types of its arguments.</param>
internal readonly record struct ContractFunction(string Signature)
{
    public const int SelectorSize = 4;

    public string Name => Signature[..Signature.IndexOf('(', StringComparison.Ordinal)];

    /// <summary>The first four bytes of the signature's hash. Computed at each call (about a microsecond).</summary>
    public byte[] GetSelector()
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(Encoding.ASCII.GetBytes(Signature)).CopyTo(hash);
        return hash[..SelectorSize].ToArray();
    }
}
