using System.Buffers.Binary;
using System.Numerics;

namespace CodexSales.Rx.Domain;

/// <summary>Keccak-256, the hash of Ethereum. (Not SHA3-256, which pads with 0x06 in place of 0x01.)</summary>
/// <remarks>Hashes public data only. One block of 136 bytes costs about a microsecond; nothing is allocated.
/// Threading: keeps nothing, for any thread.</remarks>
public static class Keccak256
{
    private const int RateBytes = 136;
    private const int Lanes = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    // The walk of the rho and pi steps from lane 1: where each lane goes, and how far it is rotated.
    private static ReadOnlySpan<byte> PiTargets =>
        [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    private static ReadOnlySpan<byte> RhoRotations =>
        [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    /// <summary>The hash of the data.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> data)
    {
        Span<ulong> state = stackalloc ulong[Lanes];
        state.Clear();
        while (data.Length >= RateBytes)
        {
            Absorb(state, data[..RateBytes]);
            data = data[RateBytes..];
        }

        Span<byte> last = stackalloc byte[RateBytes];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01;
        last[^1] |= 0x80;
        Absorb(state, last);

        Span<byte> hash = stackalloc byte[Bytes32.Size];
        for (var lane = 0; lane < Bytes32.Size / 8; lane++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(8 * lane)..], state[lane]);
        }

        return new Bytes32(hash);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var lane = 0; lane < RateBytes / 8; lane++)
        {
            state[lane] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * lane)..]);
        }

        Permute(state);
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> column = stackalloc ulong[5];
        foreach (var roundConstant in RoundConstants)
        {
            // Theta: every lane takes in the parity of two neighbouring columns.
            for (var x = 0; x < 5; x++)
            {
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (var x = 0; x < 5; x++)
            {
                var parity = column[(x + 4) % 5] ^ BitOperations.RotateLeft(column[(x + 1) % 5], 1);
                for (var y = 0; y < Lanes; y += 5)
                {
                    state[y + x] ^= parity;
                }
            }

            // Rho and pi: lanes are rotated and change places.
            var moving = state[1];
            for (var step = 0; step < PiTargets.Length; step++)
            {
                var target = PiTargets[step];
                (moving, state[target]) = (state[target], BitOperations.RotateLeft(moving, RhoRotations[step]));
            }

            // Chi: the only step that is not linear.
            for (var y = 0; y < Lanes; y += 5)
            {
                state.Slice(y, 5).CopyTo(column);
                for (var x = 0; x < 5; x++)
                {
                    state[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }

            // Iota: rounds differ.
            state[0] ^= roundConstant;
        }
    }
}
