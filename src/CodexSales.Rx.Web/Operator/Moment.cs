using System.ComponentModel;

namespace CodexSales.Rx.Web.Operator;

/// <summary>A moment, for programs and for people.</summary>
[Description("A moment, in two forms.")]
internal sealed record Moment(
    [property: Description("Seconds since 1970, as the chain counts.")] ulong Unix,
    [property: Description("The same as ISO 8601, in UTC; null beyond the year 9999.")] string? Iso)
{
    private const ulong LastOfIso = 253_402_300_799;

    public static Moment Of(UnixSeconds moment) => new(moment.Value, moment.Value > LastOfIso
        ? null
        : DateTimeOffset.FromUnixTimeSeconds((long)moment.Value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public static Moment? Of(UnixSeconds? moment) => moment is { } known ? Of(known) : null;

    public static Moment Of(DateTimeOffset moment) => Of(UnixSeconds.From(moment));

    public static Moment? Of(DateTimeOffset? moment) => moment is { } known ? Of(known) : null;
}
