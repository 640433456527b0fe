using System.Buffers.Binary;

namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>Takes ABI words of 32 bytes from a log's data, one after another.</summary>
internal ref struct DataWords(ReadOnlySpan<byte> data)
{
    private const int Padding = Bytes32.Size - sizeof(ulong);

    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The first number that was taken as 64 bits and has more, or null.</summary>
    public string? TooLarge { get; private set; }

    public Bytes32 TakeBytes32() => new(Take());

    public UInt256 TakeUInt256() => UInt256.FromBigEndian(Take());

    /// <summary>Takes a number that must be below 2^64; one that is not is remembered by its name.</summary>
    public ulong TakeUInt64(string name)
    {
        var word = Take();
        if (word[..Padding].ContainsAnyExcept((byte)0))
        {
            TooLarge ??= name;
        }

        return BinaryPrimitives.ReadUInt64BigEndian(word[Padding..]);
    }

    private ReadOnlySpan<byte> Take()
    {
        var word = _rest[..Bytes32.Size];
        _rest = _rest[Bytes32.Size..];
        return word;
    }
}
