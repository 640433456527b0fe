namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Finds the data of a revert in what a node answered: each kind of node puts it somewhere else.</summary>
internal static partial class RevertData
{
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private const int WordSize = 32;
    private const int MostDepth = 8;
    private const int LeastDigits = 2 * ContractFunction.SelectorSize;

    // The usual places of the data, in the order of the search; then any other property but a hash.
    private static readonly string[] _usualNames = ["data", "result", "return", "output", "originalError"];

    /// <summary>Why the contract reverted; null when the node's error is about something else.</summary>
    /// <remarks>It is a revert when the node says so, whatever its code, or gives the data of a declared error: some
    /// nodes call a revert an internal error. Other digits in an error's data mean nothing: a trace's number, a
    /// repeated question.</remarks>
    public static ContractError? FindError(RpcError error)
    {
        byte[][] candidates = [.. FindIn(error.Data), .. FindInMessage(error.Message)];
        return candidates.FirstOrDefault(IsDeclared) is { } declared ? ContractError.Of(declared)
            : !IsRevert(error) ? null
            : candidates.FirstOrDefault() is { } data ? ContractError.Of(data)
            : FindText(error.Message) is { } text ? new RevertText(text)
            : new BareRevert();
    }

    // Nethermind and OpenEthereum say in the error's data, not in its message, whether the call reverted.
    private static bool IsRevert(RpcError error) =>
        RevertTexts().IsMatch(error.Message)
        || (error.Message.Contains("VM execution error", StringComparison.OrdinalIgnoreCase)
            && RevertTexts().IsMatch(Encoding.UTF8.GetString(error.Data.Span)));

    private static bool IsDeclared(byte[] data) =>
        data.Length % WordSize == ContractFunction.SelectorSize
        && ContractError.Of(data) is not (UndeclaredError or BareRevert);

    [GeneratedRegex(
        @"\brevert(ed)?\b|invalid opcode|bad ?instruction|bad ?jump|invalid jump",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RevertTexts();

    // "execution reverted: the text of a require", from nodes that give no data.
    private static string? FindText(string message)
    {
        const string Prefix = "execution reverted: ";
        var start = message.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : message[(start + Prefix.Length)..];
    }

    // "execution reverted: custom error 0x12345678: 0000…", without data.
    private static IEnumerable<byte[]> FindInMessage(string message)
    {
        var start = message.IndexOf("custom error 0x", StringComparison.Ordinal);
        return start < 0 ? [] : FindIn(message[start..]);
    }

    private static byte[][] FindIn(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. FindIn(document.RootElement, MostDepth)];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // No JSON, or half a character in it.
            return [];
        }
    }

    private static IEnumerable<byte[]> FindIn(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.String => FindIn(element.GetString()!),
        JsonValueKind.Object when depth > 0 => element.EnumerateObject()
            .Where(property => !property.Name.EndsWith("hash", StringComparison.OrdinalIgnoreCase))
            .OrderBy(property => Array.IndexOf(_usualNames, property.Name) is >= 0 and var place
                ? place
                : _usualNames.Length)
            .SelectMany(property => FindIn(property.Value, depth - 1)),
        _ => [],
    };

    // "0x…", "Reverted 0x…", "custom error 0x12345678: 0000…".
    private static IEnumerable<byte[]> FindIn(string text)
    {
        var start = text.IndexOf("0x", StringComparison.Ordinal);
        if (start < 0)
        {
            return [];
        }

        var selector = DigitsAt(text, start + 2);
        var rest = start + 2 + selector.Length;
        var arguments = selector.Length == LeastDigits && text.AsSpan(rest).StartsWith(": ", StringComparison.Ordinal)
            ? DigitsAt(text, rest + 2)
            : "";
        var digits = string.Concat(selector, arguments);
        return digits.Length >= LeastDigits && digits.Length % 2 == 0 ? [Convert.FromHexString(digits)] : [];
    }

    private static ReadOnlySpan<char> DigitsAt(string text, int start)
    {
        var rest = text.AsSpan(start);
        var length = rest.IndexOfAnyExcept(_hexDigits);
        return length < 0 ? rest : rest[..length];
    }
}
