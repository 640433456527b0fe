namespace CodexSales.Rx.Ethereum.Codecs;

/// <summary>Reads one list in RLP, strictly: each value has one encoding. After a fault reads give nothing.</summary>
internal ref struct RlpReader
{
    private const byte ShortBytes = 0x80;
    private const byte ShortList = 0xc0;
    private const int MostShort = 55;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads a list that is all there is.</summary>
    public RlpReader(ReadOnlySpan<byte> list)
    {
        _rest = list;
        var items = Take(ShortList);
        HasFailed |= !_rest.IsEmpty;
        _rest = items;
    }

    public bool HasFailed { get; private set; }

    /// <summary>Whether every item was read, and well.</summary>
    public readonly bool IsDone => !HasFailed && _rest.IsEmpty;

    public ReadOnlySpan<byte> TakeBytes()
    {
        if (!_rest.IsEmpty && _rest[0] < ShortBytes)
        {
            var single = _rest[..1];
            _rest = _rest[1..];
            return single;
        }

        var bytes = Take(ShortBytes);
        HasFailed |= bytes.Length == 1 && bytes[0] < ShortBytes;
        return bytes;
    }

    public UInt256 TakeUInt256()
    {
        var digits = TakeBytes();
        if (digits.Length > Bytes32.Size || (digits.Length > 0 && digits[0] == 0))
        {
            HasFailed = true;
            return default;
        }

        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        bytes.Clear();
        digits.CopyTo(bytes[^digits.Length..]);
        return UInt256.FromBigEndian(bytes);
    }

    public ulong TakeUInt64()
    {
        var number = TakeUInt256();
        HasFailed |= number > ulong.MaxValue;
        return HasFailed ? 0 : (ulong)number;
    }

    public Address TakeAddress()
    {
        var bytes = TakeBytes();
        HasFailed |= bytes.Length != Address.Size;
        return HasFailed ? default : new Address(bytes);
    }

    public void TakeEmptyList() => HasFailed |= !Take(ShortList).IsEmpty;

    // The bytes of an item behind its length, which takes one byte or several.
    private ReadOnlySpan<byte> Take(byte shortest)
    {
        var first = _rest.IsEmpty ? 0 : _rest[0];
        if (first < shortest || first > shortest + 63 || HasFailed)
        {
            return Fail();
        }

        var head = 1;
        long length = first - shortest;
        if (length > MostShort)
        {
            var digits = (int)length - MostShort;
            head += digits;
            if (digits > sizeof(int) || _rest.Length < head || _rest[1] == 0)
            {
                return Fail();
            }

            length = 0;
            foreach (var digit in _rest[1..head])
            {
                length = (length << 8) | digit;
            }

            if (length <= MostShort)
            {
                return Fail();
            }
        }

        if (_rest.Length - head < length)
        {
            return Fail();
        }

        var content = _rest.Slice(head, (int)length);
        _rest = _rest[(head + (int)length)..];
        return content;
    }

    private ReadOnlySpan<byte> Fail()
    {
        HasFailed = true;
        _rest = default;
        return default;
    }
}
