using System.Buffers.Binary;
using System.Numerics;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>
/// Decides which periods want a proof, as the contract does: from the hash of the block to which a slot's pointer
/// points. Only the block hashes are made up, from a seed.
/// </summary>
/// <remarks>
/// The chain's height is taken from the time alone, so that the pointer also moves where block numbers are those of a
/// record. Source: <c>Proofs.sol</c> <c>_getPointer</c>, <c>_getChallenge</c>, <c>_getProofRequirement</c>.
/// </remarks>
internal sealed class ProofDraw(SimulatedChainOptions options)
{
    private const int Blocks = 256;

    private readonly ulong _seed = unchecked((ulong)options.Seed);

    public ulong PeriodAt(UnixSeconds now) => now.Value / options.Rules.ProofPeriodSeconds;

    /// <summary>The first second after a period.</summary>
    public UnixSeconds EndOf(ulong period) => new((period + 1) * options.Rules.ProofPeriodSeconds);

    public byte PointerAt(UnixSeconds now, SlotId slot, ulong period)
    {
        Span<byte> id = stackalloc byte[Bytes32.Size];
        slot.Value.CopyTo(id);
        return (byte)(((HeightAt(now) % Blocks) + (period % Blocks * options.DowntimeProduct) + id[^1]) % Blocks);
    }

    public Bytes32 ChallengeAt(UnixSeconds now, byte pointer)
    {
        Span<byte> challenge = stackalloc byte[Bytes32.Size];
        WriteChallenge(challenge, HeightAt(now) - 1 - pointer);
        return new Bytes32(challenge);
    }

    /// <summary>
    /// How rarely a proof is drawn, so that an ask's probability holds in spite of the downtime: one in so many
    /// periods; 0 is always. Null where the contract's arithmetic overflows. Source: <c>slotProbability</c>.
    /// </summary>
    public UInt256? FindEffectiveProbability(StorageAsk ask) =>
        UInt256.TryMultiply(ask.ProofProbability, (ulong)(Blocks - options.Rules.ProofDowntimeBlocks), out var product)
            ? product / Blocks
            : null;

    public bool IsDrawn(UnixSeconds now, byte pointer, UInt256 effectiveProbability)
    {
        if (effectiveProbability <= UInt256.One)
        {
            return true;
        }

        Span<byte> challenge = stackalloc byte[Bytes32.Size];
        WriteChallenge(challenge, HeightAt(now) - 1 - pointer);
        return effectiveProbability <= ulong.MaxValue
            ? UInt256.DivRem(UInt256.FromBigEndian(challenge), (ulong)effectiveProbability).Remainder == 0
            : IsMultiple(challenge, effectiveProbability);
    }

    public bool IsInDowntime(byte pointer) => pointer < options.Rules.ProofDowntimeBlocks;

    private ulong HeightAt(UnixSeconds now) => now.Value / options.BlockSeconds;

    private static bool IsMultiple(ReadOnlySpan<byte> challenge, UInt256 probability)
    {
        Span<byte> divisor = stackalloc byte[Bytes32.Size];
        probability.WriteBigEndian(divisor);
        return (new BigInteger(challenge, isUnsigned: true, isBigEndian: true)
            % new BigInteger(divisor, isUnsigned: true, isBigEndian: true)).IsZero;
    }

    // Four steps of the SplitMix64 generator: well spread, repeatable, and a hundred times cheaper than a Keccak.
    private void WriteChallenge(Span<byte> challenge, ulong height)
    {
        var state = unchecked((_seed * 0xD1B54A32D192ED03) + (height * 0xABC98388FB8FAC03));
        for (var offset = 0; offset < Bytes32.Size; offset += sizeof(ulong))
        {
            state = unchecked(state + 0x9E3779B97F4A7C15);
            var mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
            BinaryPrimitives.WriteUInt64BigEndian(challenge[offset..], mixed ^ (mixed >> 31));
        }
    }
}
