using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>An app that sells on a simulated market and serves its page, remembering in a file.</summary>
internal sealed class SellingApp : IAsyncDisposable
{
    /// <summary>The token of one that has <see cref="TokenFile"/>.</summary>
    public const string Token = "correct-horse-battery-staple";

    private const int FastEnoughToWaitFor = 600;
    private const int CalmEnoughToLookAt = 60;
    private const int Hosted = 12;

    private readonly DirectoryInfo _folder;
    private readonly (string Name, string Value)[] _settings;
    private WebApplication _app;

    private SellingApp(DirectoryInfo folder, (string Name, string Value)[] settings) =>
        (_folder, _settings, _app) = (folder, settings, Build(folder, settings, "http://127.0.0.1:0"));

    public ISalesHost Host => _app.Services.GetRequiredService<ISalesHost>();

    public string Address { get; private set; } = "";

    /// <summary>An app that has sold for a while.</summary>
    public static async Task<SellingApp> StartAsync(bool hasSold = true, params (string Name, string Value)[] settings)
    {
        var app = new SellingApp(Directory.CreateTempSubdirectory(), settings);
        var sold = hasSold ? app.SellAsync() : Task.CompletedTask;
        await app._app.StartAsync();
        app.Address = app._app.Urls.Single();
        await sold;
        app.Host.Speed!.Set(CalmEnoughToLookAt);
        return app;
    }

    /// <summary>A file with the token that only its owner may read.</summary>
    public static string TokenFile()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("codexsales-web-").FullName, "token");
        File.WriteAllText(file, Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    /// <summary>Stops as a process does that is told to.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Starts anew where it was stopped: what it had in memory is gone.</summary>
    public Task StartAgainAsync()
    {
        _app = Build(_folder, _settings, Address);
        return _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private static WebApplication Build(DirectoryInfo folder, (string Name, string Value)[] settings, string address)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(address);
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
        var app = builder.Build();
        app.MapCodexSales();
        return app;
    }

    private Task<SaleStep[]> SellAsync() => Task.WhenAll(
        Host.Steps.Hosted().Take(Hosted).LastAsync().ToTask(),
        Host.Steps.Where(step => step.End is { Earned: var earned } && earned > UInt256.Zero).Take(3).LastAsync().ToTask());
}
