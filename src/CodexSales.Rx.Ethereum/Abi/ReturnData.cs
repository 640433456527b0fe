namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Reads the data of a call's result, of a revert or of a log, word by word. Strict: padding, offsets and
/// lengths must be those that the compiler writes, and nothing may be left over.</summary>
/// <remarks>The first fault is kept in <see cref="Problem"/>; after it every read gives <c>default</c>, so that a
/// reader asks once, at the end.</remarks>
internal ref struct ReturnData(ReadOnlySpan<byte> data)
{
    private readonly int _length = data.Length;
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>The first fault, as a whole sentence; null as long as there is none.</summary>
    public string? Problem { get; private set; }

    public Bytes32 TakeBytes32() => TakeWord() is { IsEmpty: false } word ? new Bytes32(word) : default;

    public UInt256 TakeUInt256() => TakeWord() is { IsEmpty: false } word ? UInt256.FromBigEndian(word) : default;

    /// <summary>Takes a number that may not be over a limit; the problem may call it by a name.</summary>
    public ulong TakeNumber(ulong limit = ulong.MaxValue, string? name = null)
    {
        var number = TakeUInt256();
        if (number > limit)
        {
            Fail(name is null ? $"{number} is over {limit}." : $"a {name} over 2^64 - 1.");
        }

        return Problem is null ? (ulong)number : 0;
    }

    public byte TakeByte() => (byte)TakeNumber(byte.MaxValue);

    public bool TakeBoolean() => TakeNumber(1) == 1;

    public Address TakeAddress()
    {
        var word = TakeWord();
        if (word.IsEmpty)
        {
            return default;
        }

        var padding = word.Length - Address.Size;
        if (word[..padding].ContainsAnyExcept((byte)0))
        {
            Fail("An address has more than 20 bytes.");
            return default;
        }

        return new Address(word[padding..]);
    }

    /// <summary>Takes the offset of something dynamic; only one value is right.</summary>
    public void TakeOffset(int words)
    {
        var offset = TakeUInt256();
        if (offset != (ulong)(words * Bytes32.Size))
        {
            Fail($"An offset is {offset}, not {words * Bytes32.Size}.");
        }
    }

    /// <summary>Takes the length of an array whose items have one word each, and are all that is left.</summary>
    public int TakeArrayLength()
    {
        var length = TakeUInt256();
        var left = _rest.Length / Bytes32.Size;
        if (length != (ulong)left)
        {
            Fail($"An array says that it has {length} items, but there are {left} words left.");
        }

        return Problem is null ? left : 0;
    }

    /// <summary>Takes a length, then so many bytes, padded with zeros to whole words.</summary>
    public ReadOnlySpan<byte> TakeBytes()
    {
        var length = TakeUInt256();
        if (length > (ulong)_rest.Length)
        {
            Fail($"{length} bytes are announced, but there are {_rest.Length} left.");
            return default;
        }

        var bytes = _rest[..(int)(ulong)length];
        var padded = (bytes.Length + Bytes32.Size - 1) / Bytes32.Size * Bytes32.Size;
        if (padded > _rest.Length || _rest[bytes.Length..padded].ContainsAnyExcept((byte)0))
        {
            Fail($"{length} bytes are not padded with zeros to whole words.");
            return default;
        }

        _rest = _rest[padded..];
        return bytes;
    }

    /// <summary>The problem of the data as a whole, or null: nothing may be left over.</summary>
    public string? End()
    {
        if (!_rest.IsEmpty)
        {
            Fail($"{_length} bytes are there, {_rest.Length} too many.");
        }

        return Problem;
    }

    private ReadOnlySpan<byte> TakeWord()
    {
        if (Problem is null && _rest.Length < Bytes32.Size)
        {
            Fail($"{_length} bytes are too few.");
        }

        if (Problem is not null)
        {
            return default;
        }

        var word = _rest[..Bytes32.Size];
        _rest = _rest[Bytes32.Size..];
        return word;
    }

    private void Fail(string problem)
    {
        Problem ??= problem;
        _rest = default;
    }
}
