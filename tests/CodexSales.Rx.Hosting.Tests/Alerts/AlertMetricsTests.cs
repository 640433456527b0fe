using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

public sealed class AlertMetricsTests
{
    [Fact]
    public void Active_alerts_are_told_under_a_meter_of_the_app_with_the_name_of_the_instance_as_long_as_the_app_lives()
    {
        var told = new List<(object? Scope, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "codexsales.alerts.active")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => told.Add((
            instrument.Meter.Scope, string.Join(' ', (instrument.Meter.Tags ?? []).Concat(tags.ToArray()).Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        using (var app = new HostedApp(
            builder => builder.UseSimulatedMarket().Services.AddMetrics(), [("InstanceName", "alerts 8")]))
        {
            app.Start();
            listener.RecordObservableInstruments();
            Assert.Equal(
                ["codexsales.instance=alerts 8 severity=Critical", "codexsales.instance=alerts 8 severity=Information", "codexsales.instance=alerts 8 severity=Warning"],
                told.Where(each => each.Scope == app.Services.GetRequiredService<IMeterFactory>()).Select(each => each.Tags).Order(StringComparer.Ordinal));
        }

        told.Clear();
        listener.RecordObservableInstruments();
        Assert.DoesNotContain(told, each => each.Tags.Contains("alerts 8", StringComparison.Ordinal));
    }
}
