using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>An app that sells on a simulated market and serves its page, remembering in a file.</summary>
internal sealed class SellingApp : IAsyncDisposable
{
    private const int FastEnoughToWaitFor = 600;
    private const int CalmEnoughToLookAt = 60;
    private const int Hosted = 12;

    private readonly DirectoryInfo _folder;
    private readonly WebApplication _app;

    private SellingApp(DirectoryInfo folder, WebApplication app) => (_folder, _app) = (folder, app);

    public ISalesHost Host => _app.Services.GetRequiredService<ISalesHost>();

    public string Address => _app.Urls.Single();

    /// <summary>An app that has sold for a while.</summary>
    public static async Task<SellingApp> StartAsync(bool hasSold = true, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:MaxWorkers"] = "8",
            ["CodexSales:Workers"] = "3",
            ["CodexSales:QueueCapacity"] = "5000",
            ["CodexSales:SimulatedMarket:Speed"] = $"{FastEnoughToWaitFor}",
            ["CodexSales:SimulatedMarket:RequestsPerHour"] = "40",
            ["CodexSales:Sqlite:Path"] = Path.Combine(folder.FullName, "sales.sqlite"),
            ["CodexSales:Availabilities:0:Id"] = "archive",
            ["CodexSales:Availabilities:0:TotalBytes"] = $"{192UL << 30}",
            ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
            ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "2",
            ["CodexSales:Availabilities:0:TotalCollateral"] = "20000000000000",
            ["CodexSales:Availabilities:1:Id"] = "fast-ssd",
            ["CodexSales:Availabilities:1:TotalBytes"] = $"{48UL << 30}",
            ["CodexSales:Availabilities:1:MaxDurationSeconds"] = "172800",
            ["CodexSales:Availabilities:1:MinPricePerBytePerSecond"] = "40",
            ["CodexSales:Availabilities:1:TotalCollateral"] = "8000000000000",
        }).AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value));
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket().UseSqlite();
        builder.Services.AddCodexSalesWeb();
        var app = new SellingApp(folder, builder.Build());
        app._app.MapCodexSales();
        var sold = hasSold ? app.SellAsync() : Task.CompletedTask;
        await app._app.StartAsync();
        await sold;
        app.Host.Speed!.Set(CalmEnoughToLookAt);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task<SaleStep[]> SellAsync() => Task.WhenAll(
        Host.Steps.Hosted().Take(Hosted).LastAsync().ToTask(),
        Host.Steps.Where(step => step.End is { Earned: var earned } && earned > UInt256.Zero).Take(3).LastAsync().ToTask());
}
