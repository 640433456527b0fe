using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>The sample of an ASP.NET Core app, as a process of its own: from its start to SIGTERM.</summary>
public sealed class WebAppTests
{
    [Fact]
    public async Task It_sells_tells_its_health_streams_its_queue_exports_metrics_and_traces_and_ends_in_time()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var collector = new OtlpCollector();
        using var app = await WebApp.StartAsync(
            ["--CodexSales:SimulatedMarket:Speed", "600", "--CodexSales:SimulatedMarket:LongestRequest", "01:00:01"],
            new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            },
            limit.Token);
        using var client = new HttpClient { BaseAddress = app.Address };

        using var queue = new StreamReader(await client.GetStreamAsync(At("queue"), limit.Token));
        Assert.Equal("event: queue", await queue.ReadLineAsync(limit.Token));
        Assert.StartsWith("data: {", await queue.ReadLineAsync(limit.Token), StringComparison.Ordinal);
        await collector.WaitForAsync("/v1/metrics", ["codexsales.queue.length", "codexsales.block.age"], limit.Token);
        await collector.WaitForAsync(
            "/v1/traces",
            ["SalePreparing", "SaleSlotReserving", "SaleDownloading", "SaleInitialProving", "SaleFilling", "SaleFilled", "SaleProving", "SalePayout", "SaleFinished"],
            limit.Token);

        var health = await client.GetFromJsonAsync<JsonElement>("health", limit.Token);
        // A busy machine is late for the market's blocks, which come many times as fast as the clock: then it says so. What it says in
        // which case is tested in virtual time.
        Assert.Contains(health[0].GetProperty("status").GetString(), new[] { "Healthy", "Degraded" });
        Assert.Contains("Queued: ", health[0].GetProperty("sentence").GetString(), StringComparison.Ordinal);
        await EditAsync(client, limit.Token);
        await client.PostAsync(At("pause"), null, limit.Token);
        while (!await IsPausedAsync(client, limit.Token))
        {
            // It is asked again: the command takes its turn on the core.
        }

        // The live list is still open: it ends with the pipeline, and the app does not wait for its reader.
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await app.EndAsync(limit.Token));
    }

    private static async Task EditAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var offers = await client.GetFromJsonAsync<JsonElement>("availabilities", cancellationToken);
        var offer = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(offers[0].GetProperty("availability").GetRawText())!;
        offer["minPricePerBytePerSecond"] = JsonSerializer.SerializeToElement("7");
        var saved = await client.PutAsJsonAsync("availabilities", offer, cancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        offer["totalBytes"] = JsonSerializer.SerializeToElement(1);
        var refused = await client.PutAsJsonAsync("availabilities", offer, cancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var after = await client.GetStringAsync(At("availabilities"), cancellationToken);
        Assert.Contains("\"minPricePerBytePerSecond\":\"7\"", after, StringComparison.Ordinal);
    }

    private static async Task<bool> IsPausedAsync(HttpClient client, CancellationToken cancellationToken) =>
        (await client.GetStringAsync(At("health"), cancellationToken)).Contains("paused", StringComparison.Ordinal);

    private static Uri At(string path) => new(path, UriKind.Relative);
}
