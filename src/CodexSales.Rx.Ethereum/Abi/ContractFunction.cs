namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>A function or an error of a contract: its name and the types of its arguments, as in "token()".</summary>
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
