namespace CodexSales.Rx.Web.Page.Text;

/// <summary>Times as people say them: how long ago, how long yet, and the moment itself.</summary>
internal static class Times
{
    /// <summary>"3 d 4 h", "12 min", "8 s".</summary>
    public static string Span(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds):0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min"),
        < 86_400 => Two(seconds, 3600, "h", 60, "min"),
        < 86_400 * 365.0 => Two(seconds, 86_400, "d", 3600, "h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400 / 365:#,0.#} y"),
    };

    /// <summary>"3 h 2 min ago", "in 5 d 1 h", "now".</summary>
    public static string Relative(UnixSeconds moment, UnixSeconds now) =>
        moment < now ? $"{Span(now.SecondsSince(moment))} ago"
        : moment > now ? $"in {Span(moment.SecondsSince(now))}"
        : "now";

    /// <summary>"2026-11-30 18:38:50 UTC"; the seconds themselves where no calendar has them.</summary>
    public static string Absolute(UnixSeconds moment) => moment.Value <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? $"{DateTimeOffset.FromUnixTimeSeconds((long)moment.Value).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
        : $"{moment} s after 1970";

    public static string Absolute(DateTimeOffset moment) => $"{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC";

    private static string Two(double seconds, double large, string largeName, double small, string smallName)
    {
        var (whole, rest) = (Math.Floor(seconds / large), Math.Floor(seconds % large / small));
        return rest == 0 ? $"{whole:0} {largeName}" : $"{whole:0} {largeName} {rest:0} {smallName}";
    }
}
