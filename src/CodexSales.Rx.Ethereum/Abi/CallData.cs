using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Writes a call: the function's selector, then its arguments, each a word of 32 bytes.</summary>
internal sealed class CallData(ContractFunction function)
{
    private readonly List<byte> _bytes = [.. function.GetSelector()];

    public static ImmutableArray<byte> Of(ContractFunction function) => new CallData(function).ToBytes();

    public static ImmutableArray<byte> Of(ContractFunction function, Bytes32 id) =>
        new CallData(function).Add(id).ToBytes();

    public CallData Add(Bytes32 value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        value.CopyTo(word);
        _bytes.AddRange(word);
        return this;
    }

    public CallData Add(UInt256 value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        value.WriteBigEndian(word);
        _bytes.AddRange(word);
        return this;
    }

    public CallData Add(Address value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        word.Clear();
        value.CopyTo(word[^Address.Size..]);
        _bytes.AddRange(word);
        return this;
    }

    public CallData Add(SlotKey slot) => Add(slot.RequestId.Value).Add(slot.SlotIndex);

    public CallData Add(Groth16Proof proof) => Add(proof.AX).Add(proof.AY)
        .Add(proof.BXReal).Add(proof.BXImaginary).Add(proof.BYReal).Add(proof.BYImaginary)
        .Add(proof.CX).Add(proof.CY);

    public ImmutableArray<byte> ToBytes() => [.. _bytes];
}
