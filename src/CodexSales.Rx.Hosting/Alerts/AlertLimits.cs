using CodexSales.Rx.Hosting.Settings;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>When the operator is told of something, as it is set now. Lives on the core.</summary>
internal sealed class AlertLimits(AlertSettings settings)
{
    public AlertSettings Now { get; set; } = settings;
}
