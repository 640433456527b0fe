using CodexSales.Rx.Hosting;

namespace CodexSales.Node.Formatting;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly string[] _thousands = ["", "k", "M", "G", "T", "P", "E", "Z", "Y"];

    /// <summary>"1.5 GiB".</summary>
    public static string Bytes(ulong bytes) => ByteText.Of(bytes);

    /// <summary>"12.3 T" for 12,345,678,901,234 units; with an exponent where letters end.</summary>
    public static string Tokens(UInt256 amount)
    {
        var digits = amount.ToString();
        var thousands = (digits.Length - 1) / 3;
        var whole = digits.Length - (3 * thousands);
        var fraction = thousands > 0 && whole < 3 ? $".{digits.AsSpan(whole, 3 - whole)}" : "";
        var letter = thousands < _thousands.Length ? _thousands[thousands] : $"× 10^{3 * thousands}";
        return $"{digits[..whole]}{fraction} {letter}".TrimEnd();
    }

    /// <summary>"2 d 3 h", "3 h 20 min", "4 min" or "12 s".</summary>
    public static string Span(ulong seconds) => seconds switch
    {
        >= 86_400 => $"{seconds / 86_400} d {seconds % 86_400 / 3_600} h",
        >= 3_600 => $"{seconds / 3_600} h {seconds % 3_600 / 60} min",
        >= 60 => $"{seconds / 60} min",
        _ => $"{seconds} s",
    };

    /// <summary>"day 1, 14:05:30", on the market's clock.</summary>
    public static string MarketTime(TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"day {elapsed.Days + 1}, {elapsed:hh\\:mm\\:ss}");
}
