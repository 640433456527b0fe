using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Page.Overview;

/// <summary>What the operator has to see to, the most urgent first.</summary>
internal static class Needs
{
    private const int MuchOfTheSpace = 95;

    public static IEnumerable<(string Kind, string What, string Where)> Of(
        SalesHostHealth host, IReadOnlyList<AvailabilityBalance> offers, IReadOnlyList<Alert> alerts)
    {
        foreach (var alike in alerts.GroupBy(alert => alert.Kind).OrderByDescending(alike => alike.Max(alert => alert.Severity)))
        {
            var last = alike.MaxBy(alert => alert.Since)!;
            yield return (
                last.Severity switch { AlertSeverity.Critical => "bad", AlertSeverity.Warning => "warn", _ => "info" },
                alike.Skip(1).Any() ? $"{alike.Count()} times {Words.Of(alike.Key).ToLowerInvariant()}, the last: {last.Sentence}" : last.Sentence,
                "alerts");
        }

        if (host.Problem is { } problem)
        {
            yield return ("bad", problem, "chain");
        }

        if (host.Pipeline is not { } health)
        {
            yield break;
        }

        if (health.Workers.IsPaused)
        {
            yield return ("warn", "New sales are paused.", "settings");
        }

        if (health.Workers.Limit == 0)
        {
            yield return ("warn", "No worker may be busy, so that nothing is sold.", "settings");
        }

        if (offers.Count == 0)
        {
            yield return ("warn", "Nothing is for sale: add space.", "space");
        }

        foreach (var offer in offers)
        {
            if (offer.FreeCollateral == UInt256.Zero)
            {
                yield return ("warn", $"{offer.Availability.Id}: no collateral is free. Raise it to sell more.", "space");
            }
            else if (offer.FreeBytes < offer.Availability.TotalBytes / 100 * (100 - MuchOfTheSpace))
            {
                yield return ("info", $"{offer.Availability.Id}: nearly all of its space is sold.", "space");
            }
        }
    }
}
