using System.Numerics;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A block's bloom filter, and what it says about logs of one contract.</summary>
/// <remarks>Source: Ethereum Yellow Paper, 4.3.1: three of 2,048 bits, by the hash of each address and topic.</remarks>
internal sealed class LogsBloom
{
    public const int Size = 256;
    private const int BitsPerEntry = 3;

    // From here on a match says little: filters of busy blocks match everything.
    private const double TellingFill = 0.2;

    private readonly int[] _address;
    private readonly int[][] _topics;

    public LogsBloom(Address contract, IEnumerable<Bytes32> topics)
    {
        Span<byte> address = stackalloc byte[Address.Size];
        contract.CopyTo(address);
        _address = BitsOf(address);
        _topics = [.. topics.Select(topic =>
        {
            Span<byte> bytes = stackalloc byte[Bytes32.Size];
            topic.CopyTo(bytes);
            return BitsOf(bytes);
        })];
    }

    /// <summary>Whether the block may hold one of the logs. A filter without any bit says nothing.</summary>
    public bool MayMatch(ReadOnlySpan<byte> bloom)
    {
        var match = bloom.Length != Size || !bloom.ContainsAnyExcept((byte)0);
        foreach (var topic in _topics)
        {
            match = match || (Has(bloom, _address) && Has(bloom, topic));
        }

        return match;
    }

    /// <summary>Whether a match is unlikely to be chance.</summary>
    public static bool IsTelling(ReadOnlySpan<byte> bloom)
    {
        var bits = 0;
        foreach (var piece in bloom)
        {
            bits += BitOperations.PopCount(piece);
        }

        return bits > 0 && bits < TellingFill * Size * 8;
    }

    internal static void Add(Span<byte> bloom, ReadOnlySpan<byte> entry)
    {
        foreach (var bit in BitsOf(entry))
        {
            bloom[Size - 1 - (bit / 8)] |= (byte)(1 << (bit % 8));
        }
    }

    private static bool Has(ReadOnlySpan<byte> bloom, int[] bits)
    {
        foreach (var bit in bits)
        {
            if ((bloom[Size - 1 - (bit / 8)] & (1 << (bit % 8))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int[] BitsOf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(entry).CopyTo(hash);
        var bits = new int[BitsPerEntry];
        for (var i = 0; i < BitsPerEntry; i++)
        {
            bits[i] = ((hash[2 * i] << 8) | hash[(2 * i) + 1]) & ((Size * 8) - 1);
        }

        return bits;
    }
}
