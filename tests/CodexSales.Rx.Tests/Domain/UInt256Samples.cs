using System.Numerics;

namespace CodexSales.Rx.Tests.Domain;

/// <summary>
/// Numbers whose 64-bit limbs are each nothing, one, all ones, the top bit or anything: where carries go wrong.
/// </summary>
internal static class UInt256Samples
{
    public static readonly BigInteger Modulus = BigInteger.One << 256;

    public static IReadOnlyList<BigInteger> Edges { get; } =
    [
        0, 1, 2, 9, 10,
        ulong.MaxValue - 1, ulong.MaxValue, BigInteger.One << 64, (BigInteger.One << 64) + 1,
        (BigInteger.One << 128) - 1, BigInteger.One << 128, (BigInteger.One << 128) + 1,
        (BigInteger.One << 192) - 1, BigInteger.One << 192,
        BigInteger.Pow(10, 19) - 1, BigInteger.Pow(10, 19), BigInteger.Pow(10, 38), BigInteger.Pow(10, 57),
        BigInteger.Pow(10, 77),
        BigInteger.One << 255, Modulus - 2, Modulus - 1,
    ];

    /// <summary>Every pair of edges, then so many drawn pairs.</summary>
    public static IEnumerable<(BigInteger Left, BigInteger Right)> Pairs(int seed, int drawn)
    {
        foreach (var left in Edges)
        {
            foreach (var right in Edges)
            {
                yield return (left, right);
            }
        }

        var random = new Random(seed);
        for (var i = 0; i < drawn; i++)
        {
            yield return (Draw(random), Draw(random));
        }
    }

    public static UInt256 ToUInt256(BigInteger number)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        var size = number.GetByteCount(isUnsigned: true);
        Assert.True(number.TryWriteBytes(bytes[(32 - size)..], out _, isUnsigned: true, isBigEndian: true));
        return UInt256.FromBigEndian(bytes);
    }

    private static BigInteger Draw(Random random)
    {
        var number = BigInteger.Zero;
        for (var limb = 0; limb < 4; limb++)
        {
            var bits = random.Next(6) switch
            {
                0 => 0UL,
                1 => 1UL,
                2 => ulong.MaxValue,
                3 => 1UL << 63,
                4 => (ulong)random.NextInt64(),
                _ => (ulong)random.NextInt64() >> random.Next(63),
            };
            number = (number << 64) | bits;
        }

        return number;
    }
}
