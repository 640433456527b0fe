using System.Text.Json;
using CodexSales.Rx.Ethereum.Codecs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>What the intake has to know of a block.</summary>
/// <param name="Number">Its height.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Parent">The hash of the block before it.</param>
/// <param name="Time">Its timestamp.</param>
/// <param name="Bloom">Its bloom filter of logs; empty where the node gives none.</param>
internal sealed record ChainHeader(
    ulong Number, Bytes32 Hash, Bytes32 Parent, UnixSeconds Time, ReadOnlyMemory<byte> Bloom)
{
    // No chain comes as far, and what is reckoned with heights and times below it stays a number.
    private const ulong Most = 1UL << 62;

    public BlockStamp Stamp => new(Number, Time) { Hash = Hash };

    /// <summary>
    /// Reads the block object of <c>eth_getBlockByNumber</c> and its like; null where the node has no such block.
    /// </summary>
    /// <exception cref="NodeReadException">It is neither a block nor null.</exception>
    public static ChainHeader? Read(ReadOnlySpan<byte> utf8Json)
    {
        var (number, time) = (default(ulong?), default(ulong?));
        var (hash, parent) = (default(Bytes32?), default(Bytes32?));
        ReadOnlyMemory<byte> bloom = default;
        var json = new Utf8JsonReader(utf8Json);
        try
        {
            json.Read();
            if (json.TokenType == JsonTokenType.Null)
            {
                return null;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.ValueSpan;
                json.Read();
                if (name.SequenceEqual("number"u8))
                {
                    number = ReadQuantity(ref json);
                }
                else if (name.SequenceEqual("timestamp"u8))
                {
                    time = ReadQuantity(ref json);
                }
                else if (name.SequenceEqual("hash"u8))
                {
                    hash = ReadHash(ref json);
                }
                else if (name.SequenceEqual("parentHash"u8))
                {
                    parent = ReadHash(ref json);
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
        }
        catch (JsonException)
        {
            throw new NodeReadException("The node gave a block that is not JSON.");
        }

        return (number, hash, parent, time) is ({ } n and <= Most, { } h, { } p, { } t and <= Most)
            ? new ChainHeader(n, h, p, new UnixSeconds(t), bloom)
            : throw new NodeReadException(
                "The node gave a block without a proper number, hash, parent hash or timestamp.");
    }

    private static ulong? ReadQuantity(ref Utf8JsonReader json)
    {
        var isQuantity = json.TokenType == JsonTokenType.String;
        var value = 0UL;
        isQuantity = isQuantity && Hex.TryReadQuantity(json.ValueSpan, out value);
        json.Skip();
        return isQuantity ? value : null;
    }

    private static Bytes32? ReadHash(ref Utf8JsonReader json)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        var isHash = json.TokenType == JsonTokenType.String && Hex.TryReadBytes(json.ValueSpan, bytes);
        json.Skip();
        return isHash ? new Bytes32(bytes) : null;
    }

    private static byte[] ReadBloom(ref Utf8JsonReader json)
    {
        var bytes = new byte[LogsBloom.Size];
        var isBloom = json.TokenType == JsonTokenType.String && Hex.TryReadBytes(json.ValueSpan, bytes);
        json.Skip();
        return isBloom ? bytes : [];
    }
}
