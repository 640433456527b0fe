using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// What a provider's refusal of a question for logs means. The hierarchy is closed: the cases are those in this file.
/// </summary>
internal abstract record RangeVerdict;

/// <summary>Too many blocks or logs were asked for.</summary>
/// <param name="Blocks">How many blocks to ask for next: fewer than before, at least 1.</param>
/// <param name="IsLimit">Whether the provider never takes more than that.</param>
internal sealed record RangeTooWide(ulong Blocks, bool IsLimit) : RangeVerdict;

/// <summary>Too many questions were asked.</summary>
internal sealed record AskedTooOften : RangeVerdict;

/// <summary>Something else is wrong.</summary>
internal sealed record OtherRefusal : RangeVerdict;

/// <summary>
/// Reads what providers say when they refuse <c>eth_getLogs</c>. By text: their codes contradict each other.
/// </summary>
internal static partial class LogRangeErrors
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const ulong AnkrBlocks = 3_000;
    private const ulong BaseBlocks = 2_000;
    private const ulong ChainstackPaidBlocks = 10_000;
    private const ulong ChainstackFreeBlocks = 100;

    /// <summary>Judges a refusal.</summary>
    /// <param name="code">The error's code.</param>
    /// <param name="text">All that the provider said: message, data, body.</param>
    /// <param name="from">The first block that was asked for.</param>
    /// <param name="to">The last one.</param>
    public static RangeVerdict Judge(int code, string text, ulong from, ulong to)
    {
        var asked = to - from + 1;

        // Words about ranges first: many texts about ranges have words about rates in them, and not the other way
        // round.
        if (Hint(text) is { } hinted)
        {
            return Narrower(hinted, asked, isLimit: false);
        }

        if (Limit(text) is { } limit)
        {
            return Narrower(limit, asked, isLimit: true);
        }

        if (BeyondHead().Match(text) is { Success: true } beyond)
        {
            return Number(beyond, 1) is { } head && head >= from
                ? Narrower(head - from + 1, asked, isLimit: false)
                : new OtherRefusal();
        }

        if (Guess(text, asked) is { } guess)
        {
            return Narrower(guess, asked, isLimit: false);
        }

        return RateLimit.IsMeant(code, text) ? new AskedTooOften() : new OtherRefusal();
    }

    // A range of one block can't shrink: the caller has to report it.
    private static RangeTooWide Narrower(ulong blocks, ulong asked, bool isLimit)
    {
        var isNarrower = blocks >= 1 && blocks < asked;
        return new RangeTooWide(isNarrower ? blocks : Math.Max(1, asked / 2), isLimit && isNarrower);
    }

    // A block range that should work, in hexadecimal; some have it the wrong way round.
    private static ulong? Hint(string text)
    {
        if (HexHint().Match(text) is { Success: true } hex)
        {
            return Span(Hexadecimal(hex, 1), Hexadecimal(hex, 2));
        }

        return DecimalHint().Match(text) is { Success: true } plain ? Span(Number(plain, 1), Number(plain, 2)) : null;
    }

    private static ulong? Span(ulong? first, ulong? last)
    {
        var distance = first > last ? first - last : last - first;
        return distance < ulong.MaxValue ? distance + 1 : null;
    }

    private static ulong? Limit(string text)
    {
        foreach (var pattern in (ReadOnlySpan<Regex>)[LogRangeSizer(), LimitedTo(), Named(), InParentheses()])
        {
            if (pattern.Match(text) is { Success: true } match && Number(match, 1) is { } limit)
            {
                return match.Groups[2].Value is "k" or "K" ? Math.Min(limit, 1_000_000) * 1_000 : limit;
            }
        }

        return Below().Match(text) is { Success: true } below && Number(below, 1) is > 1 and var bound
            ? bound - 1
            : null;
    }

    private static ulong? Guess(string text, ulong asked)
    {
        if (AnkrTooWide().IsMatch(text))
        {
            return AnkrBlocks;
        }

        if (ChainstackLimit().IsMatch(text))
        {
            return asked > ChainstackPaidBlocks ? ChainstackPaidBlocks : ChainstackFreeBlocks;
        }

        if (BaseTooLarge().IsMatch(text))
        {
            return BaseBlocks;
        }

        return TooMuch().IsMatch(text) ? Math.Max(1, asked / 2) : null;
    }

    // Thousands are parted by commas or points.
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

    // Infura, Alchemy: "Try with this block range [0xA, 0xB]", "this block range should work: [0xA, 0xB]".
    [GeneratedRegex(@"\[\s*0x([0-9a-f]{1,16})\s*,\s*0x([0-9a-f]{1,16})\s*\]", Options)]
    private static partial Regex HexHint();

    // reth: "query exceeds max results N, retry with the range A-B".
    [GeneratedRegex(@"retry with the range ([0-9]{1,20})-([0-9]{1,20})", Options)]
    private static partial Regex DecimalHint();

    // Infura "range M exceeds limit of N"; Tenderly "range M is bigger than range limit N".
    [GeneratedRegex(@"range [0-9]+ (?:exceeds limit of|is bigger than range limit) ([0-9][0-9,.]{0,25})", Options)]
    private static partial Regex LogRangeSizer();

    // QuickNode, 1rpc, Blast "limited to a 10,000 range"; BlockPI "limited to N block"; Alchemy "up to a 500 block
    // range".
    [GeneratedRegex(@"(?:limited to|up to) (?:a )?([0-9][0-9,.]{0,25}) (?:range|block)", Options)]
    private static partial Regex LimitedTo();

    // Ankr, publicnode, thirdweb, dRPC, reth and others.
    [GeneratedRegex(
        @"(?:blocks distance: |max(?:imum)? block range:? |number of requested blocks is |ranges over "
        + @"|block range greater than |block range exceeds |max is )([0-9][0-9,.]{0,25})(k?)\b",
        Options)]
    private static partial Regex Named();

    // "exceeds the range allowed for your plan (a > N)".
    [GeneratedRegex(@"range allowed for your plan \([0-9,.]+ > ([0-9][0-9,.]{0,25})\)", Options)]
    private static partial Regex InParentheses();

    // Cloudflare "Max range: N"; Coinbase "at most N blocks"; others "must be smaller than size N".
    [GeneratedRegex(
        @"(?:max range: |limit the query to at most |query must be smaller than size )([0-9][0-9,.]{0,25})", Options)]
    private static partial Regex Below();

    // anvil, for a block that it does not have yet.
    [GeneratedRegex(@"block height is ([0-9]{1,20}) but requested was [0-9]+", Options)]
    private static partial Regex BeyondHead();

    [GeneratedRegex("block range is too wide", Options)]
    private static partial Regex AnkrTooWide();

    [GeneratedRegex("block range limit exceeded", Options)]
    private static partial Regex ChainstackLimit();

    [GeneratedRegex("block range (?:is )?too large", Options)]
    private static partial Regex BaseTooLarge();

    [GeneratedRegex(
        "query returned more than|query timeout exceeded|response size|response too large|response is too big"
        + "|no backend is currently healthy|exceeds max results|logs matched by query exceeds|range is too large"
        + "|logs over more|try paginating|too many results",
        Options)]
    private static partial Regex TooMuch();
}
