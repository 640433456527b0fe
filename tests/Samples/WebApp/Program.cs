using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;
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
app.MapGet("/queue", (ISalesHost host) => TypedResults.ServerSentEvents(host.Queue.Connect()
    .Transform(slot => new { Slot = $"{slot.Slot}", Reward = $"{slot.Terms.Reward}" })
    .ToAsyncEnumerable()
    .Select(set => new
    {
        set.Version, Changes = set.Select(row => new { row.PositionBefore, row.PositionAfter, Row = row.After, Cause = $"{row.Cause}" }),
    }),
    eventType: "queue"));

// The same as it is now.
app.MapGet("/queue/now", (ISalesHost host) =>
    host.Queue.Snapshot is var now ? new { now.Version, Slots = now.Items.Select(slot => $"{slot.Slot}") } : null);

app.MapGet("/availabilities", (ISalesHost host) => host.Availabilities.Snapshot);
app.MapPut("/availabilities", async (ISalesHost host, Availability availability) =>
    await host.Availabilities.SaveAsync(availability) is LedgerRefused refused
        ? Results.Problem(refused.Detail, statusCode: StatusCodes.Status422UnprocessableEntity)
        : Results.NoContent());
app.MapPost("/pause", (ISalesHost host) => host.Workers.Pause());
app.MapPost("/resume", (ISalesHost host) => host.Workers.Resume());
await app.RunAsync();
