using System.Numerics;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Web.Page.Text;

/// <summary>Amounts, sizes and prices as operators say them, in a few digits; and the way back.</summary>
internal static partial class Units
{
    public const ulong GiB = 1UL << 30;
    public const ulong TiB = 1UL << 40;
    public const ulong SecondsPerDay = 24 * 60 * 60;
    public const ulong SecondsPerMonth = 30 * SecondsPerDay;

    private const int TokenDigits = 18;
    private static readonly BigInteger _unitsPerToken = BigInteger.Pow(10, TokenDigits);
    private static readonly BigInteger _most = (BigInteger.One << 256) - 1;

    /// <summary>"1,234", "12.3", "0.00281", "107": the number of tokens, to be followed by their name, or that of a part of them.</summary>
    public static (string Number, string Unit) Tokens(UInt256 amount) => Tokens((double)ToBig(amount) / 1e18);

    /// <summary>The same of a number of tokens.</summary>
    public static (string Number, string Unit) Tokens(double tokens) => tokens switch
    {
        0 => ("0", "tokens"),
        >= 1e15 => (tokens.ToString("0.00e0", CultureInfo.InvariantCulture), "tokens"),
        >= 1 => (Digits(tokens), "tokens"),
        >= 0.1 => (tokens.ToString("0.000", CultureInfo.InvariantCulture), "tokens"),
        >= 0.01 => (tokens.ToString("0.0000", CultureInfo.InvariantCulture), "tokens"),
        >= 0.001 => (tokens.ToString("0.00000", CultureInfo.InvariantCulture), "tokens"),
        >= 1e-6 => (Digits(tokens * 1e6), "microtokens"),
        >= 1e-9 => (Digits(tokens * 1e9), "nanotokens"),
        >= 1e-12 => (Digits(tokens * 1e12), "picotokens"),
        >= 1e-15 => (Digits(tokens * 1e15), "femtotokens"),
        _ => (Digits(tokens * 1e18), "attotokens"),
    };

    public static string TokenText(UInt256 amount) => Join(Tokens(amount));

    public static string TokenText(double tokens) => Join(Tokens(tokens));

    /// <summary>"0.0124 ether".</summary>
    public static string EtherText(UInt256 wei) => TokenText(wei).Replace("tokens", "ether", StringComparison.Ordinal);

    /// <summary>"12.3 gwei".</summary>
    public static string Gwei(UInt256 wei) => $"{Digits(ToDouble(wei) / 1e9)} gwei";

    /// <summary>All digits: "0.0028125 tokens".</summary>
    public static string Exactly(UInt256 amount) => $"{Plain(ToBig(amount), _unitsPerToken)} tokens";

    /// <summary>What a price brings for a TiB in 30 days, in tokens.</summary>
    public static double PerTiBMonth(UInt256 pricePerBytePerSecond) => (double)ToBig(pricePerBytePerSecond) * TiB * SecondsPerMonth / 1e18;

    /// <summary>"2.85 tokens per TiB and month".</summary>
    public static string PriceText(UInt256 pricePerBytePerSecond) => $"{TokenText(PerTiBMonth(pricePerBytePerSecond))} per TiB and month";

    /// <summary>"1.50 GiB".</summary>
    public static string Size(double bytes) => bytes switch
    {
        >= (double)TiB * 1024 => $"{Digits(bytes / TiB / 1024)} PiB",
        >= TiB => $"{Digits(bytes / TiB)} TiB",
        >= GiB => $"{Digits(bytes / GiB)} GiB",
        >= 1 << 20 => $"{Digits(bytes / (1 << 20))} MiB",
        >= 1 << 10 => $"{Digits(bytes / (1 << 10))} KiB",
        _ => $"{bytes:0} B",
    };

    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static double ToDouble(UInt256 amount) => (double)ToBig(amount);

    /// <summary>Of a form: a decimal number of tokens.</summary>
    public static bool TryParseTokens(string text, out UInt256 amount) => TryScale(text, _unitsPerToken, 1, out amount);

    /// <summary>Of a form: tokens for a TiB and 30 days, as the next higher price that the contract knows.</summary>
    public static bool TryParsePrice(string text, out UInt256 pricePerBytePerSecond) =>
        TryScale(text, _unitsPerToken, (BigInteger)TiB * SecondsPerMonth, out pricePerBytePerSecond);

    /// <summary>Of a form: a decimal number of a unit, in whole bytes or seconds.</summary>
    public static bool TryParseWhole(string text, ulong unit, out ulong whole)
    {
        var isNumber = TryScale(text, unit, 1, out var scaled) && scaled <= ulong.MaxValue;
        whole = isNumber ? (ulong)scaled : 0;
        return isNumber;
    }

    /// <summary>For a form: all digits, without a group.</summary>
    public static string Plain(UInt256 amount, ulong unit) => Plain(ToBig(amount), unit);

    public static string PlainTokens(UInt256 amount) => Plain(ToBig(amount), _unitsPerToken);

    public static string PlainPrice(UInt256 price) => Plain(ToBig(price) * TiB * SecondsPerMonth, _unitsPerToken);

    // A comma stands only before three digits more: "1,5" is one and a half to some, and nothing here.
    [GeneratedRegex(@"^(?=\.?[0-9])([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]*)(\.[0-9]*)?$")]
    private static partial Regex Number { get; }

    private static string Join((string Number, string Unit) amount) => $"{amount.Number} {amount.Unit}";

    // Three or four digits, which is what is read at a glance.
    private static string Digits(double number) => number.ToString(
        number switch { >= 1000 => "#,0", >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static BigInteger ToBig(UInt256 amount) => BigInteger.Parse(amount.ToString(), CultureInfo.InvariantCulture);

    private static string Plain(BigInteger amount, BigInteger unit)
    {
        var whole = BigInteger.DivRem(amount, unit, out var rest);
        var part = BigInteger.DivRem(rest * _unitsPerToken, unit, out _).ToString(CultureInfo.InvariantCulture)
            .PadLeft(TokenDigits, '0').TrimEnd('0');
        return part.Length == 0 ? $"{whole}" : $"{whole}.{part}";
    }

    private static bool TryScale(string text, BigInteger times, BigInteger over, out UInt256 amount)
    {
        amount = default;
        if (text.Length > 100 || !Number.IsMatch(text.Trim()))
        {
            return false;
        }

        var parts = text.Trim().Replace(",", "", StringComparison.Ordinal).Split('.');
        var digits = BigInteger.Parse($"0{string.Concat(parts)}", CultureInfo.InvariantCulture);
        var scale = BigInteger.Pow(10, parts.Length == 2 ? parts[1].Length : 0) * over;
        var scaled = ((digits * times) + scale - 1) / scale;
        return scaled <= _most && UInt256.TryParse(scaled.ToString(CultureInfo.InvariantCulture), out amount);
    }
}
