namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The meaning of a refused question for logs. Closed: the cases are those in this file.</summary>
internal abstract record RangeVerdict;

/// <summary>Too many blocks or logs: the number to ask for next (at least 1), and whether it is the limit.</summary>
internal sealed record RangeTooWide(ulong Blocks, bool IsLimit) : RangeVerdict;

internal sealed record AskedTooOften : RangeVerdict;

internal sealed record OtherRefusal : RangeVerdict;

/// <summary>Reads refusals of <c>eth_getLogs</c>. By text: providers' codes contradict each other.</summary>
internal static class LogRangeErrors
{
    private const ulong AnkrBlocks = 3_000;
    private const ulong BaseBlocks = 2_000;
    private const ulong ChainstackPaidBlocks = 10_000;
    private const ulong ChainstackFreeBlocks = 100;

    // A limit that the provider names. The first pattern in a text counts.
    private static readonly Regex[] _limits =
    [
        // Infura "range M exceeds limit of N"; Tenderly "range M is bigger than range limit N".
        Pattern("range [0-9]+ (?:exceeds limit of|is bigger than range limit) ([0-9][0-9,.]{0,25})"),

        // QuickNode, 1rpc, Blast "limited to a 10,000 range"; BlockPI "to N block"; Alchemy "up to a 500 block range".
        Pattern("(?:limited to|up to) (?:a )?([0-9][0-9,.]{0,25}) (?:range|block)"),

        // Ankr, publicnode, thirdweb, dRPC, reth and others.
        Pattern(
            "(?:blocks distance: |max(?:imum)? block range:? |number of requested blocks is |ranges over "
            + @"|block range greater than |block range exceeds |max is )([0-9][0-9,.]{0,25})(k?)\b"),

        // "exceeds the range allowed for your plan (a > N)".
        Pattern(@"range allowed for your plan \([0-9,.]+ > ([0-9][0-9,.]{0,25})\)"),
    ];

    // Infura, Alchemy: "Try with this block range [0xA, 0xB]", "this block range should work: [0xA, 0xB]".
    private static readonly Regex _hexHint = Pattern(@"\[\s*0x([0-9a-f]{1,16})\s*,\s*0x([0-9a-f]{1,16})\s*\]");

    // reth: "query exceeds max results N, retry with the range A-B".
    private static readonly Regex _decimalHint = Pattern("retry with the range ([0-9]{1,20})-([0-9]{1,20})");

    // Cloudflare "Max range: N"; Coinbase "at most N blocks"; others "must be smaller than size N".
    private static readonly Regex _below = Pattern(
        "(?:max range: |limit the query to at most |query must be smaller than size )([0-9][0-9,.]{0,25})");

    // anvil, for a block that it does not have yet.
    private static readonly Regex _beyondHead = Pattern("block height is ([0-9]{1,20}) but requested was [0-9]+");

    private static readonly Regex _baseTooLarge = Pattern("block range (?:is )?too large");

    private static readonly Regex _tooMuch = Pattern(
        "query returned more than|query timeout exceeded|response size|response too large|response is too big"
        + "|no backend is currently healthy|exceeds max results|logs matched by query exceeds|range is too large"
        + "|logs over more|try paginating|too many results");

    /// <summary>The meaning of a refusal of some blocks, by its code and the provider's whole text.</summary>
    public static RangeVerdict Judge(int code, string text, ulong from, ulong to)
    {
        var asked = to - from + 1;

        // Words about ranges first: texts about ranges often have words about rates in them, never the other way round.
        return Hint(text) is { } hinted ? Narrower(hinted, asked, isLimit: false)
            : Limit(text) is { } limit ? Narrower(limit, asked, isLimit: true)
            : _beyondHead.Match(text) is { Success: true } beyond
                ? Number(beyond, 1) is { } head && head >= from
                    ? Narrower(head - from + 1, asked, isLimit: false)
                    : new OtherRefusal()
            : Guess(text, asked) is { } guess ? Narrower(guess, asked, isLimit: false)
            : RateLimit.IsMeant(code, text) ? new AskedTooOften()
            : new OtherRefusal();
    }

    // A range of one block can't shrink: the caller reports it.
    private static RangeTooWide Narrower(ulong blocks, ulong asked, bool isLimit)
    {
        var isNarrower = blocks >= 1 && blocks < asked;
        return new RangeTooWide(isNarrower ? blocks : Math.Max(1, asked / 2), isLimit && isNarrower);
    }

    // A block range that should work; some have it the wrong way round.
    private static ulong? Hint(string text) =>
        _hexHint.Match(text) is { Success: true } hex ? Span(Hexadecimal(hex, 1), Hexadecimal(hex, 2))
        : _decimalHint.Match(text) is { Success: true } plain ? Span(Number(plain, 1), Number(plain, 2))
        : null;

    private static ulong? Span(ulong? first, ulong? last)
    {
        var distance = first > last ? first - last : last - first;
        return distance < ulong.MaxValue ? distance + 1 : null;
    }

    private static ulong? Limit(string text)
    {
        foreach (var pattern in _limits)
        {
            if (pattern.Match(text) is { Success: true } match && Number(match, 1) is { } limit)
            {
                return match.Groups[2].Value is "k" or "K" ? Math.Min(limit, 1_000_000) * 1_000 : limit;
            }
        }

        return _below.Match(text) is { Success: true } below && Number(below, 1) is > 1 and var bound
            ? bound - 1
            : null;
    }

    // Ankr, Chainstack and Base say only that it is too much; their limits are documented.
    private static ulong? Guess(string text, ulong asked) =>
        text.Contains("block range is too wide", StringComparison.OrdinalIgnoreCase) ? AnkrBlocks
        : text.Contains("block range limit exceeded", StringComparison.OrdinalIgnoreCase)
            ? asked > ChainstackPaidBlocks ? ChainstackPaidBlocks : ChainstackFreeBlocks
        : _baseTooLarge.IsMatch(text) ? BaseBlocks
        : _tooMuch.IsMatch(text) ? Math.Max(1, asked / 2)
        : null;

    // Commas or points separate thousands.
    private static ulong? Number(Match match, int group)
    {
        var digits = match.Groups[group].Value.Replace(",", "", StringComparison.Ordinal)
            .Replace(".", "", StringComparison.Ordinal);
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static ulong? Hexadecimal(Match match, int group) => ulong.TryParse(
        match.Groups[group].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
