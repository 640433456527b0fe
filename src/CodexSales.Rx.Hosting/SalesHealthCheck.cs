using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CodexSales.Rx.Hosting;

/// <summary>
/// Whether the host sells. Unhealthy when it can't, degraded when money is being lost or a port fails; the sentence and the figures
/// are with it.
/// </summary>
internal sealed class SalesHealthCheck(ISalesHost host) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = host.Health;
        var status = health.Problem is not null || health.Pipeline is { IsBlockOverdue: true } ? context.Registration.FailureStatus
            : health.Pipeline is { MissedProofs: > 0 } or { FailingPorts.Count: > 0 } or { Workers.HeldBecause: not null } ? HealthStatus.Degraded
            : HealthStatus.Healthy;
        return Task.FromResult(new HealthCheckResult(status, health.Sentence, data: DataOf(health)));
    }

    private static Dictionary<string, object> DataOf(SalesHostHealth health) => health.Pipeline is not { } pipeline ? [] : new()
    {
        ["block"] = pipeline.Head?.Number ?? 0,
        ["blockAgeSeconds"] = pipeline.SinceHead.TotalSeconds,
        ["workersBusy"] = pipeline.Workers.Busy,
        ["workersLimit"] = pipeline.Workers.Limit,
        ["queued"] = pipeline.Queued,
        ["hosted"] = pipeline.Hosted,
        ["missedProofs"] = pipeline.MissedProofs,
        ["earned"] = $"{pipeline.Books.Earned}",
    };
}
