using System.Buffers.Binary;

namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>Writes one list in RLP, the encoding of transactions. Source: Ethereum yellow paper, appendix B.</summary>
internal sealed class RlpWriter
{
    private const byte ShortBytes = 0x80;
    private const byte ShortList = 0xc0;
    private const int MostShort = 55;

    private readonly ArrayBufferWriter<byte> _items = new();

    /// <summary>Adds a number, without leading zeros.</summary>
    public RlpWriter Add(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        number.WriteBigEndian(bytes);
        return Add(bytes.TrimStart((byte)0));
    }

    public RlpWriter Add(Address address)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        address.CopyTo(bytes);
        return Add(bytes);
    }

    public RlpWriter Add(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= ShortBytes)
        {
            WriteLength(_items, bytes.Length, ShortBytes);
        }

        _items.Write(bytes);
        return this;
    }

    public RlpWriter AddEmptyList()
    {
        _items.Write([ShortList]);
        return this;
    }

    /// <summary>The list of everything that was added, after a prefix that is not part of it.</summary>
    public byte[] ToList(scoped ReadOnlySpan<byte> prefix = default)
    {
        var list = new ArrayBufferWriter<byte>(prefix.Length + 9 + _items.WrittenCount);
        list.Write(prefix);
        WriteLength(list, _items.WrittenCount, ShortList);
        list.Write(_items.WrittenSpan);
        return list.WrittenSpan.ToArray();
    }

    private static void WriteLength(ArrayBufferWriter<byte> target, int length, byte shortest)
    {
        if (length <= MostShort)
        {
            target.Write([(byte)(shortest + length)]);
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        var digits = bytes.TrimStart((byte)0);
        target.Write([(byte)(shortest + MostShort + digits.Length)]);
        target.Write(digits);
    }
}
