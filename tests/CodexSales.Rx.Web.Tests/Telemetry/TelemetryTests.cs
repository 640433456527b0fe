using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Web.Telemetry;

namespace CodexSales.Rx.Web.Tests.Telemetry;

/// <summary>What Prometheus reads, and the dashboard beside the program.</summary>
public sealed partial class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_the_metrics_of_the_host_and_each_name_is_one_that_is_known()
    {
        await using var app = Build();
        await app.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);

        var names = SampleName().Matches(text).Select(match => match.Value).Where(name => name.StartsWith("codexsales", StringComparison.Ordinal)).Distinct().ToList();
        Assert.Contains("codexsales_queue_length", names);
        Assert.Contains("codexsales_block_age_seconds", names);
        Assert.Contains("codexsales_alerts_active", names);
        Assert.Contains("codexsales_disk_free_bytes", names);
        Assert.Empty(names.Except(KnownNames()));
    }

    [Fact]
    public async Task The_dashboard_asks_only_for_metrics_that_there_are_and_has_its_source_chosen()
    {
        await using var app = Build();
        await app.StartAsync(Cancellation);
        var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "grafana.json"), Cancellation)).RootElement;
        var targets = dashboard.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).ToList();

        var asked = targets.SelectMany(target => MetricName().Matches(target.GetProperty("expr").GetString()!)).Select(match => match.Value).Distinct().ToList();

        Assert.Empty(asked.Except(KnownNames()));
        Assert.True(asked.Count >= 20);
        Assert.All(targets, target => Assert.Equal("${source}", target.GetProperty("datasource").GetProperty("uid").GetString()));
        var ids = dashboard.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("id").GetInt32()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:Workers"] = "1",
            ["CodexSales:Sqlite:Path"] = Path.Combine(Directory.CreateTempSubdirectory("codexsales-web-").FullName, "sales.sqlite"),
        });
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket().UseSqlite();
        builder.Services.AddCodexSalesTelemetry(builder.Configuration);
        var app = builder.Build();
        app.MapCodexSalesMetrics();
        return app;
    }

    // As Prometheus names the instruments of the process: what is in braces is no unit.
    private static HashSet<string> KnownNames()
    {
        RuntimeHelpers.RunClassConstructor(typeof(EthereumMarket).Assembly.GetType("CodexSales.Rx.Ethereum.Transactions.TransactionMetrics")!.TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(HookCommand).Assembly.GetType("CodexSales.Rx.Local.Hooks.HookMetrics")!.TypeHandle);
        var known = new HashSet<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => known.UnionWith(NamesOf(instrument)),
        };
        listener.Start();
        return known;
    }

    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return instrument.GetType().Name switch
        {
            "Counter`1" => [$"{name}_total"],
            "Histogram`1" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    [GeneratedRegex("^[a-z_]+(?=[{ ])", RegexOptions.Multiline)]
    private static partial Regex SampleName();

    [GeneratedRegex("codexsales_[a-z_]+")]
    private static partial Regex MetricName();
}
