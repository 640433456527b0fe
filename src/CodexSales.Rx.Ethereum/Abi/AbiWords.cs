using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Writes values as a contract does: one after the other, each as words of 32 bytes.</summary>
internal sealed class AbiWords(params IReadOnlyList<byte> start)
{
    private readonly List<byte> _bytes = [.. start];

    public AbiWords Add(Bytes32 value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        value.CopyTo(word);
        _bytes.AddRange(word);
        return this;
    }

    public AbiWords Add(UInt256 value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        value.WriteBigEndian(word);
        _bytes.AddRange(word);
        return this;
    }

    public AbiWords Add(Address value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        word.Clear();
        value.CopyTo(word[^Address.Size..]);
        _bytes.AddRange(word);
        return this;
    }

    public AbiWords Add(SlotKey slot) => Add(slot.RequestId.Value).Add(slot.SlotIndex);

    public AbiWords Add(Groth16Proof proof) => Add(proof.AX).Add(proof.AY)
        .Add(proof.BXReal).Add(proof.BXImaginary).Add(proof.BYReal).Add(proof.BYImaginary)
        .Add(proof.CX).Add(proof.CY);

    public ImmutableArray<byte> ToBytes() => [.. _bytes];
}
