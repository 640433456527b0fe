using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace CodexSales.Rx.Web.Telemetry;

/// <summary>Metrics and traces of a host, for Prometheus and for collectors of OpenTelemetry.</summary>
public static class SalesTelemetryExtensions
{
    /// <summary>Where Prometheus finds the metrics.</summary>
    public const string MetricsPath = "/metrics";

    private static readonly string[] _endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>
    /// Collects the metrics of the host for <see cref="MapCodexSalesMetrics"/>. If a standard variable of OpenTelemetry
    /// names a collector (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or the same of <c>TRACES</c> or <c>METRICS</c>), metrics and
    /// traces are sent there, too.
    /// </summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configuration">Has these variables: that of the app, with the environment in it.</param>
    public static IServiceCollection AddCodexSalesTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("CodexSales.*").AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource("CodexSales.Rx"));
        if (_endpoints.Any(endpoint => !string.IsNullOrEmpty(configuration[endpoint])))
        {
            telemetry.UseOtlpExporter();
        }

        return services;
    }

    /// <summary>Serves the metrics at <see cref="MetricsPath"/>, as Prometheus reads them.</summary>
    /// <param name="app">The app, with its services added by <see cref="AddCodexSalesTelemetry"/>.</param>
    public static IEndpointConventionBuilder MapCodexSalesMetrics(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.MapPrometheusScrapingEndpoint(MetricsPath);
    }
}
