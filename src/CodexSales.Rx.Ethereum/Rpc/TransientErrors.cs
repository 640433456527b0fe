namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Tells a node's trouble of the moment from its opinion of a question.</summary>
internal static partial class TransientErrors
{
    private const int TooManyRequests = 429;
    private const int LimitExceeded = -32005;
    private const int InternalError = -32603;

    // Source: EIP-1474, execution-apis, EIP-4444.
    private const int ResourceNotFound = -32001;
    private const int UnknownBlock = -39001;
    private const int PrunedHistory = 4444;

    private const int InvalidParameters = -32602;
    private const int InvalidRequest = -32600;

    /// <summary>Whether the same question may be answered a little later.</summary>
    public static bool IsPassing(RpcError error) =>
        error.RetryAfter is not null
        || error.Code is TooManyRequests or LimitExceeded or InternalError
        || PassingTexts().IsMatch(error.Message);

    /// <summary>Whether the node does not know the block of the question, or has pruned its state.</summary>
    public static bool IsOfTheBlock(RpcError error) =>
        error.Code is ResourceNotFound or UnknownBlock or PrunedHistory
        || BlockTexts().IsMatch(error.Message);

    /// <summary>Whether the node does not take the question in this form.</summary>
    public static bool IsOfTheParameters(RpcError error) =>
        !IsOfTheBlock(error) && !IsPassing(error)
        && (error.Code is InvalidParameters or InvalidRequest || ParameterTexts().IsMatch(error.Message));

    [GeneratedRegex(
        "rate limit|too many requests|request limit|has exceeded|capacity|timed? ?out|timeout|temporarily"
        + "|try again|no backend|unavailable|overloaded|busy|syncing|context deadline",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PassingTexts();

    [GeneratedRegex(
        "header (for hash )?not found|unknown block|block.{0,90}(not (be )?found|does not exist|not available)"
        + "|could not (find|be found)|missing trie node|not (currently )?canonical|state.{0,90}(is )?not available"
        + "|state unavailable|pruned|resource not found|invalid block (tag|hash|number)|unfinalized",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BlockTexts();

    [GeneratedRegex(
        "invalid (argument|param|type|request)|cannot unmarshal|did not match any variant|expected"
        + "|not supported|unsupported|deserializ|parse",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ParameterTexts();
}
