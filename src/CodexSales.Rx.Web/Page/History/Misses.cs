using CodexSales.Rx.Hosting.Refusals;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Page.History;

/// <summary>How close the market came to what is for sale, in a sentence.</summary>
internal static class Misses
{
    public static string Of(RefusalTally tally) => (tally.Reason, tally.Nearest.Offered, tally.Nearest.Limit) switch
    {
        (RefusalReason.PriceTooLow, { } paid, { } asked) =>
            $"the nearest paid {Units.TokenText(Units.PerTiBMonth(paid))}, you ask {Units.TokenText(Units.PerTiBMonth(asked))} per TiB and month",
        (RefusalReason.TooLarge, { } size, { } free) => $"the smallest needed {Units.Size(Units.ToDouble(size))}, {Units.Size(Units.ToDouble(free))} was free",
        (RefusalReason.TooLong, { } wanted, { } most) => $"the shortest ran {Times.Span(Units.ToDouble(wanted))}, you allow {Times.Span(Units.ToDouble(most))}",
        (RefusalReason.CollateralTooHigh, { } needed, { } free) => $"the least wanted {Units.TokenText(needed)}, {Units.TokenText(free)} was free",
        (RefusalReason.EndsTooLate, { } ends, { } until) when ends <= ulong.MaxValue && until <= ulong.MaxValue =>
            $"the first ended {Times.Absolute(new UnixSeconds((ulong)ends))}, you allow {Times.Absolute(new UnixSeconds((ulong)until))}",
        _ => tally.Last.Detail,
    };
}
