namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Reads the height, time and hash of a block from the JSON by which a node gives it.</summary>
/// <remarks>Source: the block object of <c>eth_getBlockByNumber</c> and of the <c>newHeads</c> subscription.</remarks>
public static class BlockHeader
{
    /// <summary>Reads one JSON-RPC block object; skips other properties. Allocates nothing, unless it fails.</summary>
    /// <param name="utf8Json">The object and nothing else but white space.</param>
    /// <param name="block">The block, its hash zero where the node gives none; <c>default</c> on failure.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that begins with "but", or null.</param>
    /// <returns>False unless <c>number</c> and <c>timestamp</c> are there once, as quantities. Never throws.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8Json, out BlockStamp block, [NotNullWhen(false)] out string? problem)
    {
        (ulong? number, ulong? timestamp) = (null, null);
        var hash = default(Bytes32);
        var json = new Utf8JsonReader(utf8Json);
        try
        {
            problem = Read(ref json, ref number, ref timestamp, ref hash);
        }
        catch (JsonException)
        {
            problem = $"it is not JSON from byte {json.BytesConsumed} on.";
        }

        block = problem is null
            ? new BlockStamp(number ?? 0, new UnixSeconds(timestamp ?? 0)) { Hash = hash }
            : default;
        return problem is null;
    }

    private static string? Read(
        ref Utf8JsonReader json, ref ulong? number, ref ulong? timestamp, ref Bytes32 hash)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return "it is not a JSON object.";
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            var problem = json.ValueIsEscaped ? "the name of a property is written with escapes."
                : name.SequenceEqual("number"u8) ? ReadQuantity(ref json, "number", ref number)
                : name.SequenceEqual("timestamp"u8) ? ReadQuantity(ref json, "timestamp", ref timestamp)
                : name.SequenceEqual("hash"u8) ? ReadHash(ref json, ref hash)
                : PassOver(ref json);
            if (problem is not null)
            {
                return problem;
            }
        }

        // Past the end of the object there is nothing more, or the reader throws.
        json.Read();
        return number is null ? "'number' is missing." : timestamp is null ? "'timestamp' is missing." : null;
    }

    private static string? ReadQuantity(ref Utf8JsonReader json, string name, ref ulong? quantity)
    {
        if (quantity is not null)
        {
            return $"'{name}' is there twice.";
        }

        json.Read();
        if (json.TokenType != JsonTokenType.String || !Hex.TryReadQuantity(json.ValueSpan, out var value))
        {
            return Hex.NotAQuantity(name);
        }

        quantity = value;
        return null;
    }

    private static string? ReadHash(ref Utf8JsonReader json, ref Bytes32 hash)
    {
        json.Read();
        hash = Hex.TakeHash(ref json) ?? hash;
        return null;
    }

    private static string? PassOver(ref Utf8JsonReader json)
    {
        json.Skip();
        return null;
    }
}
