namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Numbers with units as specifications write them.</summary>
internal static class Quantities
{
    private static readonly (string Unit, ulong Bytes)[] SizeUnits =
        [("TiB", 1UL << 40), ("GiB", 1UL << 30), ("MiB", 1UL << 20), ("KiB", 1UL << 10), ("B", 1)];

    private static readonly (string Unit, TimeSpan Length)[] TimeUnits =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    public static ulong Size(Fragment text)
    {
        foreach (var (unit, bytes) in SizeUnits)
        {
            if (text.Text.EndsWith(unit, StringComparison.Ordinal)
                && TryNumber(text.Text[..^unit.Length], out var count) && count <= ulong.MaxValue / bytes)
            {
                return count * bytes;
            }
        }

        throw text.Error($"'{text.Text}' is no size: a whole number and B, KiB, MiB, GiB or TiB is expected.");
    }

    /// <summary>The shortest text for a size: "8GiB".</summary>
    public static string SizeText(ulong bytes)
    {
        var (unit, size) = bytes == 0 ? SizeUnits[^1] : SizeUnits.First(each => bytes % each.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    public static TimeSpan Duration(Fragment text)
    {
        foreach (var (unit, length) in TimeUnits)
        {
            if (text.Text.EndsWith(unit, StringComparison.Ordinal)
                && TryNumber(text.Text[..^unit.Length], out var count)
                && count is > 0 and <= 1_000_000)
            {
                return length * count;
            }
        }

        throw text.Error($"'{text.Text}' is no duration: a whole number above 0 and ms, s, m, h or d is expected.");
    }

    public static ulong Seconds(Fragment text)
    {
        var duration = Duration(text);
        return duration.Ticks % TimeSpan.TicksPerSecond == 0
            ? (ulong)duration.TotalSeconds
            : throw text.Error($"'{text.Text}' is given, but the chain counts whole seconds.");
    }

    public static int Count(Fragment text) => int.TryParse(text.Text, NumberStyles.None, null, out var count)
        ? count
        : throw text.Error($"'{text.Text}' is given, but a whole number is expected.");

    public static ulong Number(Fragment text) => TryNumber(text.Text, out var number)
        ? number
        : throw text.Error($"'{text.Text}' is given, but a whole number is expected.");

    /// <summary>"123", or "max" for the largest amount that the chain can name.</summary>
    public static UInt256 Amount(Fragment text) =>
        text.Text == "max" ? UInt256.MaxValue
        : UInt256.TryParse(text.Text, out var amount) ? amount
        : throw text.Error($"'{text.Text}' is given, but an amount of tokens is expected.");

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
