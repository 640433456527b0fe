namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A block's header. Its bloom filter of logs is empty where the node gives none.</summary>
internal sealed record ChainHeader(
    ulong Number, Bytes32 Hash, Bytes32 Parent, UnixSeconds Time, ReadOnlyMemory<byte> Bloom)
{
    // No chain comes as far, and sums with heights and times below it fit a number.
    private const ulong Most = 1UL << 62;

    public BlockStamp Stamp => new(Number, Time) { Hash = Hash };

    /// <summary>Reads the answer of <c>eth_getBlockByNumber</c>; null where the node has no such block.</summary>
    /// <exception cref="NodeReadException">It is neither a block nor null.</exception>
    public static ChainHeader? Read(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            var json = new Utf8JsonReader(utf8Json);
            json.Read();
            return json.TokenType == JsonTokenType.Null ? null : Read(ref json);
        }
        catch (JsonException)
        {
            throw new NodeReadException("The node gave a block that is not JSON.");
        }
    }

    private static ChainHeader Read(ref Utf8JsonReader json)
    {
        var (number, time) = (default(ulong?), default(ulong?));
        var (hash, parent) = (default(Bytes32?), default(Bytes32?));
        ReadOnlyMemory<byte> bloom = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            if (name.SequenceEqual("number"u8))
            {
                number = Hex.TakeQuantity(ref json);
            }
            else if (name.SequenceEqual("timestamp"u8))
            {
                time = Hex.TakeQuantity(ref json);
            }
            else if (name.SequenceEqual("hash"u8))
            {
                hash = Hex.TakeHash(ref json);
            }
            else if (name.SequenceEqual("parentHash"u8))
            {
                parent = Hex.TakeHash(ref json);
            }
            else if (name.SequenceEqual("logsBloom"u8))
            {
                bloom = ReadBloom(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return (number, hash, parent, time) is ({ } n and <= Most, { } h, { } p, { } t and <= Most)
            ? new ChainHeader(n, h, p, new UnixSeconds(t), bloom)
            : throw new NodeReadException(
                "The node gave a block without a proper number, hash, parent hash or timestamp.");
    }

    private static byte[] ReadBloom(ref Utf8JsonReader json)
    {
        var bytes = new byte[LogsBloom.Size];
        var isBloom = json.TokenType == JsonTokenType.String && Hex.TryReadBytes(json.ValueSpan, bytes);
        json.Skip();
        return isBloom ? bytes : [];
    }
}
