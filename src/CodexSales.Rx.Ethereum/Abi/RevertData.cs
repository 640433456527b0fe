using System.Text.Json;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Finds the data of a revert in what a node answered: each kind of node puts it somewhere else.</summary>
internal static class RevertData
{
    private const int RevertCode = 3;
    private const int InternalError = -32603;
    private const int MostDepth = 8;
    private const int LeastDigits = 2 * ContractFunction.SelectorSize;

    // Where the data is known to be, in the order in which it is looked for; then anywhere but beside a hash.
    private static readonly string[] _usualNames = ["data", "result", "return", "output", "originalError"];

    /// <summary>
    /// Why the contract reverted; null when the node's error is about something else than a revert.
    /// </summary>
    public static ContractError? FindError(RpcError error)
    {
        // Beside a trouble of its own a node may give anything, the hash of a block for one. Some hide a revert in an
        // error that is called internal.
        if (!IsRevert(error) && error.Code != InternalError && (NodeTrouble.IsPassing(error)
            || NodeTrouble.IsOfTheBlock(error) || NodeTrouble.IsOfTheParameters(error)))
        {
            return null;
        }

        var data = FindIn(error.Data) ?? FindInMessage(error.Message);
        if (data is not null)
        {
            return ContractError.Of(data);
        }

        return !IsRevert(error) ? null
            : FindText(error.Message) is { } text ? new RevertText(text)
            : new BareRevert();
    }

    private static bool IsRevert(RpcError error) =>
        error.Code == RevertCode
        || error.Message.Contains("revert", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("VM Exception", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("VM execution error", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("invalid opcode", StringComparison.OrdinalIgnoreCase);

    // "execution reverted: the text of a require", from nodes that give no data.
    private static string? FindText(string message)
    {
        const string Prefix = "execution reverted: ";
        var start = message.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        return start < 0 ? null : message[(start + Prefix.Length)..];
    }

    // "execution reverted: custom error 0x12345678: 0000…", without data.
    private static byte[]? FindInMessage(string message)
    {
        var start = message.IndexOf("custom error 0x", StringComparison.Ordinal);
        return start < 0 ? null : FindIn(message[start..]);
    }

    private static byte[]? FindIn(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return FindIn(document.RootElement, MostDepth);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? FindIn(JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return FindIn(element.GetString()!);
            case JsonValueKind.Object when depth > 0:
                return element.EnumerateObject()
                    .Where(property => !property.Name.EndsWith("hash", StringComparison.OrdinalIgnoreCase))
                    .OrderBy(property => Array.IndexOf(_usualNames, property.Name) is >= 0 and var place
                        ? place
                        : _usualNames.Length)
                    .Select(property => FindIn(property.Value, depth - 1))
                    .FirstOrDefault(found => found is not null);
            default:
                return null;
        }
    }

    // "0x…", "Reverted 0x…", "custom error 0x12345678: 0000…".
    private static byte[]? FindIn(string text)
    {
        var start = text.IndexOf("0x", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var selector = DigitsAt(text, start + 2);
        var rest = start + 2 + selector.Length;
        var arguments = selector.Length == LeastDigits && text.AsSpan(rest).StartsWith(": ", StringComparison.Ordinal)
            ? DigitsAt(text, rest + 2)
            : "";
        var digits = string.Concat(selector, arguments);
        return digits.Length >= LeastDigits && digits.Length % 2 == 0 ? Convert.FromHexString(digits) : null;
    }

    private static ReadOnlySpan<char> DigitsAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiHexDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }
}
