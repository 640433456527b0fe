using System.Text.RegularExpressions;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Tells from what a node says that it is asked too often.</summary>
internal static partial class RateLimit
{
    public const int TooManyRequests = 429;

    // What some providers also say when they refuse something else.
    private const int LimitExceeded = -32005;

    private static readonly int[] _codes = [TooManyRequests, -32016, -32029];

    /// <summary>Whether a refusal means that, by its code or its words.</summary>
    public static bool IsMeant(int code, string text) => _codes.Contains(code) || Words().IsMatch(text);

    /// <summary>Whether it surely means that, and not what an answer to the question may say as well.</summary>
    public static bool IsSurelyMeant(RpcError error) =>
        _codes.Contains(error.Code) || (error.Code == LimitExceeded && Words().IsMatch(error.Message));

    [GeneratedRegex(
        "rate limit|rate-limit|too many requests|has exceeded|request limit reached|request count exceeded|capacity",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
