using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Alerts;

namespace CodexSales.Rx.Web.Page.Overview;

/// <summary>What the operator has to see to, the most urgent first.</summary>
internal static class Needs
{
    private const int MuchOfTheSpace = 95;
    private const int MostAlerts = 5;

    public static IEnumerable<(string Kind, string What, string Where)> Of(
        SalesHostHealth host, IReadOnlyList<AvailabilityBalance> offers, IReadOnlyList<Alert> alerts)
    {
        foreach (var alert in alerts.OrderByDescending(alert => alert.Severity).Take(MostAlerts))
        {
            yield return (alert.Severity switch { AlertSeverity.Critical => "bad", AlertSeverity.Warning => "warn", _ => "info" }, alert.Sentence, "alerts");
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
