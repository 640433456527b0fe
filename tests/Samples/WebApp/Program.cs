using System.Runtime.CompilerServices;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();

// Metrics and traces go to whatever collector the standard variables of OpenTelemetry name (OTEL_EXPORTER_OTLP_ENDPOINT).
builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter("CodexSales.*"))
    .WithTracing(traces => traces.AddSource("CodexSales.Rx"))
    .UseOtlpExporter();
var app = builder.Build();

// The one sentence that says whether it sells, and if not, why.
app.MapHealthChecks("/health", new HealthCheckOptions
{
    ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
        report.Entries.Values.Select(entry => new { status = $"{entry.Status}", sentence = entry.Description, entry.Data })),
});

// The queue, live: first all of it, then each change, with its cause. A browser that reads slowly gets fewer, larger change sets.
app.MapGet("/queue", (ISalesHost host, CancellationToken left) => TypedResults.ServerSentEvents(ChangesAsync(host, left), "changes"));

app.MapGet("/availabilities", (ISalesHost host) => host.Availabilities.Snapshot);
app.MapPut("/availabilities", async (ISalesHost host, Availability availability) =>
    await host.Availabilities.SaveAsync(availability) is LedgerRefused refused
        ? Results.Problem(refused.Detail, statusCode: StatusCodes.Status422UnprocessableEntity)
        : Results.NoContent());
app.MapPost("/pause", (ISalesHost host) => host.Workers.Pause());
app.MapPost("/resume", (ISalesHost host) => host.Workers.Resume());
await app.RunAsync();

static async IAsyncEnumerable<object> ChangesAsync(ISalesHost host, [EnumeratorCancellation] CancellationToken left)
{
    await foreach (var set in host.Queue.ConnectAsync(left))
    {
        yield return set.Select(change => new
        {
            op = $"{change.Kind}", cause = $"{change.Cause}", slot = $"{change.Key}", reward = $"{change.Item.Terms.Reward}",
            change.PositionBefore, change.PositionAfter,
        });
    }
}
