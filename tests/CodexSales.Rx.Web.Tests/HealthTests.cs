using System.Text.Json;
using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task The_api_tells_how_the_host_is_doing()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:Availabilities:0:Id"] = "space",
            ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
            ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "86400",
            ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
            ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
        });
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();
        builder.Services.AddCodexSalesWeb();
        await using var app = builder.Build();
        app.MapCodexSales();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var answer = await client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.NotEmpty(answer.GetProperty("sentence").GetString()!);
        Assert.Contains("<title>CodexSales</title>", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
