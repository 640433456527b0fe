using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>How many alerts are active, by severity.</summary>
internal static class AlertMetrics
{
    public static void AddTo(Meter meter, SalesAlerts alerts) => meter.CreateObservableGauge(
        "codexsales.alerts.active", () => Count(alerts), "{alerts}", "Alerts that are active, by severity.");

    private static IEnumerable<Measurement<int>> Count(SalesAlerts alerts) => Enum.GetValues<AlertSeverity>().Select(severity =>
        new Measurement<int>(
            alerts.Snapshot.Items.Count(alert => alert.Severity == severity), new KeyValuePair<string, object?>("severity", severity.ToString())));
}
