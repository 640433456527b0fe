using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Settings;

namespace CodexSales.Rx.Web.Tests;

/// <summary>An app that sells on a simulated market and is asked over HTTP, on an address of its own.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    /// <summary>The token of those that have one.</summary>
    public const string Token = "correct-horse-battery-staple";

    private static readonly Dictionary<string, string?> _settings = new()
    {
        ["CodexSales:Availabilities:0:Id"] = "disk 1",
        ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
        ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
        ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
        ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
        ["CodexSales:SimulatedMarket:RequestsPerHour"] = "0.1",
    };

    private WebHost(WebApplication app)
    {
        App = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ResponseDrainTimeout = TimeSpan.Zero });
    }

    public WebApplication App { get; }

    /// <summary>Asks it, without a token, a cookie or an origin of its own.</summary>
    public HttpClient Client { get; }

    public ISalesHost Sales => App.Services.GetRequiredService<ISalesHost>();

    public Uri Address => new(App.Urls.First());

    /// <summary>One that has not started yet.</summary>
    public static WebHost Make(
        Action<WebOptions>? configure = null,
        IEnumerable<(string Key, string? Value)>? settings = null,
        string url = "http://127.0.0.1:0",
        Action<CodexSalesBuilder>? choose = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(_settings)
            .AddInMemoryCollection((settings ?? []).Select(pair => KeyValuePair.Create($"CodexSales:{pair.Key}", pair.Value)));
        var codex = builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();
        choose?.Invoke(codex);
        builder.Services.AddCodexSalesWeb(configure);
        services?.Invoke(builder.Services);
        return new WebHost(builder.Build());
    }

    public static async Task<WebHost> StartAsync(
        Action<WebOptions>? configure = null, IEnumerable<(string Key, string? Value)>? settings = null, Action<WebApplication>? also = null)
    {
        var host = Make(configure, settings);
        host.App.MapCodexSales();
        also?.Invoke(host.App);
        await host.App.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>A file with the token that only its owner may read.</summary>
    public static string TokenFile(string token = Token)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("codexsales-web-").FullName, "token");
        File.WriteAllText(file, $"{token}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    /// <summary>Asks for something, with headers.</summary>
    public async Task<(int Status, string Body, HttpResponseMessage Response)> AskAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        request.Content = body is null ? null : new StringContent(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public Task<(int Status, string Body, HttpResponseMessage Response)> GetAsync(string path, params (string Name, string Value)[] headers) =>
        AskAsync(HttpMethod.Get, path, null, headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
