namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Reads what a node answers. Anything that is not exactly what is expected is read as nothing.</summary>
internal static class NodeAnswers
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>"0x" and an even number of digits, or null.</summary>
    public static byte[]? ReadBytes(RpcResult result) => ReadBytes(ReadString(result));

    public static byte[]? ReadBytes(ReadOnlySpan<char> text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && text.Length % 2 == 0
            && !text[2..].ContainsAnyExcept(_digits)
            ? Convert.FromHexString(text[2..])
            : null;

    public static ulong? ReadNumber(RpcResult result) => ReadNumber(ReadString(result));

    public static ulong? ReadNumber(ReadOnlySpan<char> text) =>
        ReadAmount(text) is { } amount && amount <= ulong.MaxValue ? (ulong)amount : null;

    public static UInt256? ReadAmount(RpcResult result) => ReadAmount(ReadString(result));

    /// <summary>A quantity of at most 256 bits, or null. Leading zeros are let pass: some nodes write them.</summary>
    public static UInt256? ReadAmount(ReadOnlySpan<char> text)
    {
        const int MostDigits = 2 * Bytes32.Size;
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length is < 3 or > 2 + MostDigits
            || text[2..].ContainsAnyExcept(_digits))
        {
            return null;
        }

        Span<char> digits = stackalloc char[MostDigits];
        digits.Fill('0');
        text[2..].CopyTo(digits[(MostDigits - (text.Length - 2))..]);
        return UInt256.FromBigEndian(Convert.FromHexString(digits));
    }

    public static Bytes32? ReadHash(RpcResult result) =>
        Bytes32.TryParse(ReadString(result), out var hash) ? hash : null;

    /// <summary>Whether the node answered that it knows nothing of it.</summary>
    public static bool IsNull(RpcResult result)
    {
        var json = new Utf8JsonReader(result.Json.Span);
        return json.Read() && json.TokenType == JsonTokenType.Null;
    }

    /// <summary>The accounts that a node or a signer names; null when the answer is no list of addresses.</summary>
    public static IReadOnlyList<Address>? ReadAddresses(RpcResult result)
    {
        using var document = JsonDocument.Parse(result.Json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var addresses = new List<Address>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (!Hex.TryReadAddress(ReadText(item), out var address))
            {
                return null;
            }

            addresses.Add(address);
        }

        return addresses;
    }

    public static string? ReadText(JsonElement item, string property) =>
        item.TryGetProperty(property, out var value) ? ReadText(value) : null;

    public static string? ReadText(JsonElement item) =>
        item.ValueKind == JsonValueKind.String ? item.GetString() : null;

    private static string? ReadString(RpcResult result)
    {
        var json = new Utf8JsonReader(result.Json.Span);
        try
        {
            return json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // No JSON, or half a character by its escape.

            return null;
        }
    }
}
