using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>How many alerts are active, under the meter <see cref="MeterName"/>, by severity.</summary>
internal static class AlertMetrics
{
    public const string MeterName = "CodexSales.Rx.Hosting";

    public static Meter Of(SalesAlerts alerts)
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge("codexsales.alerts.active", () => Count(alerts), "{alerts}", "Alerts that are active, by severity.");
        return meter;
    }

    private static IEnumerable<Measurement<int>> Count(SalesAlerts alerts) => Enum.GetValues<AlertSeverity>().Select(severity =>
        new Measurement<int>(
            alerts.Snapshot.Items.Count(alert => alert.Severity == severity), new KeyValuePair<string, object?>("severity", severity.ToString())));
}
