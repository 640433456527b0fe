using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Calls;

/// <summary>Tells a node's trouble of the moment from what it has to say about a question.</summary>
internal static partial class NodeTrouble
{
    private const int TooManyRequests = 429;
    private const int LimitExceeded = -32005;
    private const int InternalError = -32603;

    /// <summary>Whether the same question may be answered a little later.</summary>
    public static bool IsPassing(RpcError error) =>
        error.RetryAfter is not null
        || error.Code is TooManyRequests or LimitExceeded or InternalError
        || PassingTexts().IsMatch(error.Message);

    [GeneratedRegex(
        "rate limit|too many requests|request limit|has exceeded|capacity|timed? ?out|timeout|temporarily"
        + "|try again|no backend|unavailable|overloaded|busy|syncing|context deadline",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PassingTexts();
}
