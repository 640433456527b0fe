using System.Buffers.Binary;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>Makes up block hashes from a seed. A block that replaces another one has another hash.</summary>
internal sealed class BlockHashes(int seed)
{
    private readonly ulong _seed = unchecked((ulong)seed);

    // The first and the last block of each reorganisation.
    private readonly List<(ulong First, ulong Last)> _replaced = [];

    public Bytes32 Of(ulong number)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Write(hash, number);
        return new Bytes32(hash);
    }

    public void Write(Span<byte> hash, ulong number)
    {
        // Four steps of the SplitMix64 generator: well spread, repeatable, and a hundred times cheaper than a Keccak.
        var state = unchecked((_seed * 0xD1B54A32D192ED03) + (number * 0xABC98388FB8FAC03)
            + (TimesReplaced(number) * 0x8CB92BA72F3D8DD7));
        for (var offset = 0; offset < Bytes32.Size; offset += sizeof(ulong))
        {
            state = unchecked(state + 0x9E3779B97F4A7C15);
            var mixed = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
            BinaryPrimitives.WriteUInt64BigEndian(hash[offset..], mixed ^ (mixed >> 31));
        }
    }

    /// <summary>Other blocks stand in place of those from a number to another one. O(reorganisations) from then on.</summary>
    public void Replace(ulong first, ulong last) => _replaced.Add((first, last));

    private ulong TimesReplaced(ulong number)
    {
        var times = 0UL;
        foreach (var (first, last) in _replaced)
        {
            times += number >= first && number <= last ? 1UL : 0;
        }

        return times;
    }
}
