namespace CodexSales.Rx.Requests;

/// <summary>A random order of the numbers 0 to n − 1 that needs no memory: n may be 2^64 − 1, and no slot of a request
/// is ever enumerated to find it.</summary>
/// <remarks>Competing hosts draw different orders, so that they start at different slots of a request. The order is
/// place → factor × place + shift modulo n, with a factor that shares no divisor with n.</remarks>
internal sealed class SlotPermutation
{
    private readonly ulong _count;
    private readonly ulong _factor;
    private readonly ulong _inverse;
    private readonly ulong _shift;

    /// <summary>Draws an order of so many numbers, at least one.</summary>
    public SlotPermutation(ulong count, Random random)
    {
        _count = count;
        _shift = Draw(random, count);
        do
        {
            // More than half of all numbers below n share no divisor with it, for all but very composite n: a few draws
            // do.
            _factor = count == 1 ? 1 : 1 + Draw(random, count - 1);
        }
        while (!TryInvert(_factor, count, out _inverse));
    }

    public ulong this[ulong place] => (ulong)((((UInt128)_factor * place) + _shift) % _count);

    public ulong PlaceOf(ulong number) =>
        (ulong)((UInt128)_inverse * (((UInt128)number + _count - _shift) % _count) % _count);

    private static ulong Draw(Random random, ulong below) => (ulong)(((UInt128)Draw64(random) * below) >> 64);

    private static ulong Draw64(Random random) =>
        ((ulong)random.NextInt64(1L << 32) << 32) | (ulong)random.NextInt64(1L << 32);

    // Euclid's algorithm, which finds the factor's inverse modulo n on the way; there is none where they share a
    // divisor.
    private static bool TryInvert(ulong factor, ulong modulus, out ulong inverse)
    {
        Int128 rest = modulus, nextRest = factor % modulus, x = 0, nextX = 1;
        while (nextRest != 0)
        {
            var quotient = rest / nextRest;
            (rest, nextRest) = (nextRest, rest - (quotient * nextRest));
            (x, nextX) = (nextX, x - (quotient * nextX));
        }

        inverse = rest == 1 ? (ulong)(x < 0 ? x + modulus : x) : 0;
        return rest == 1;
    }
}
