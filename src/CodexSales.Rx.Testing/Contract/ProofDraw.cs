using System.Numerics;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>Decides, as the contract does, which periods want a proof: by the hash of one block.</summary>
/// <remarks>The pointer grows by one with each block, so it points to the same block through a period, until it begins
/// anew. Source: <c>Proofs.sol</c> <c>_getPointer</c>, <c>_getChallenge</c>, <c>_getProofRequirement</c>.</remarks>
/// <param name="options">How the chain is set up.</param>
/// <param name="hashes">The hashes of its blocks.</param>
/// <param name="origin">Added to block numbers, so that pointers go on as a record is followed.</param>
internal sealed class ProofDraw(SimulatedChainOptions options, BlockHashes hashes, ulong origin)
{
    private const int Blocks = 256;

    /// <summary>True while height is taken from time alone: pointers move though numbers are a record's.</summary>
    public bool CountsByTime { get; set; }

    public ulong PeriodAt(UnixSeconds now) => now.Value / options.Rules.ProofPeriodSeconds;

    public UnixSeconds EndOf(ulong period) => new((period + 1) * options.Rules.ProofPeriodSeconds);

    public byte PointerAt(BlockStamp at, SlotId slot, ulong period)
    {
        Span<byte> id = stackalloc byte[Bytes32.Size];
        slot.Value.CopyTo(id);
        return (byte)(((HeightAt(at) % Blocks) + (period % Blocks * options.DowntimeProduct) + id[^1]) % Blocks);
    }

    public Bytes32 ChallengeAt(BlockStamp at, byte pointer) => hashes.Of(HeightAt(at) - 1 - pointer);

    /// <summary>One proof in so many periods (0: always), so that an ask's probability holds in spite of the downtime.
    /// Null where the contract's arithmetic overflows. Source: <c>slotProbability</c>.</summary>
    public UInt256? FindEffectiveProbability(StorageAsk ask) =>
        UInt256.TryMultiply(ask.ProofProbability, (ulong)(Blocks - options.Rules.ProofDowntimeBlocks), out var product)
            ? product / Blocks
            : null;

    public bool IsDrawn(BlockStamp at, byte pointer, UInt256 effectiveProbability)
    {
        if (effectiveProbability <= UInt256.One)
        {
            return true;
        }

        Span<byte> challenge = stackalloc byte[Bytes32.Size];
        hashes.Write(challenge, HeightAt(at) - 1 - pointer);
        return effectiveProbability <= ulong.MaxValue
            ? UInt256.DivRem(UInt256.FromBigEndian(challenge), (ulong)effectiveProbability).Remainder == 0
            : IsMultiple(challenge, effectiveProbability);
    }

    public bool IsInDowntime(byte pointer) => pointer < options.Rules.ProofDowntimeBlocks;

    private ulong HeightAt(BlockStamp at) =>
        CountsByTime ? (ulong)(at.Time.Value / options.BlockSeconds) : unchecked(at.Number + origin);

    private static bool IsMultiple(ReadOnlySpan<byte> challenge, UInt256 probability)
    {
        Span<byte> divisor = stackalloc byte[Bytes32.Size];
        probability.WriteBigEndian(divisor);
        return (new BigInteger(challenge, isUnsigned: true, isBigEndian: true)
            % new BigInteger(divisor, isUnsigned: true, isBigEndian: true)).IsZero;
    }
}
