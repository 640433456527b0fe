namespace CodexSales.Rx.Testing.Contract;

/// <summary>The proofs that the simulated contract takes.</summary>
internal static class ValidProof
{
    /// <summary>Taken whatever the challenge is.</summary>
    public static Groth16Proof OfAnything { get; } = new(1, 2, 3, 4, 5, 6, 7, 8);

    public static Groth16Proof Of(SlotKey slot, Bytes32 challenge)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        challenge.CopyTo(bytes);
        return new Groth16Proof(1, slot.SlotIndex, UInt256.FromBigEndian(bytes), 0, 0, 0, 0, 0);
    }
}
