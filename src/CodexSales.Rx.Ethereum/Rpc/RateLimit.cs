namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Recognises by an error that a node is asked too often.</summary>
internal static partial class RateLimit
{
    public const int TooManyRequests = 429;

    // Some providers also refuse other things with this code.
    private const int LimitExceeded = -32005;

    private static readonly int[] _codes = [TooManyRequests, -32016, -32029];

    /// <summary>Whether a refusal means that, by its code or its words.</summary>
    public static bool IsMeant(int code, string text) => _codes.Contains(code) || Words().IsMatch(text);

    /// <summary>Whether it surely means that, and is not an answer to the question.</summary>
    public static bool IsSurelyMeant(RpcError error) =>
        _codes.Contains(error.Code) || (error.Code == LimitExceeded && Words().IsMatch(error.Message));

    [GeneratedRegex(
        "rate limit|rate-limit|too many requests|has exceeded|request limit reached|request count exceeded|capacity",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
