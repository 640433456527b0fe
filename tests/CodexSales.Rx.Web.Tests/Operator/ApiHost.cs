using System.Net;
using System.Text;
using System.Text.Json;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Tests;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>A host on a simulated market in virtual time, and a client of its API.</summary>
internal sealed class ApiHost : IDisposable
{
    private static readonly Dictionary<string, string?> _offer = new()
    {
        ["CodexSales:MaxWorkers"] = "5",
        ["CodexSales:Availabilities:0:Id"] = "disk 1",
        ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
        ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
        ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
        ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
    };

    private readonly DirectoryInfo? _folder;

    public ApiHost(bool isRemembered = false, params (string Key, string Value)[] settings)
    {
        _folder = isRemembered ? Directory.CreateTempSubdirectory() : null;
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(_offer)
            .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create($"CodexSales:{pair.Key}", (string?)pair.Value)));
        var codex = builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket().UseScheduler(Time);
        if (_folder is not null)
        {
            builder.Configuration["CodexSales:Sqlite:Path"] = Path.Combine(_folder.FullName, "sales.sqlite");
            codex.UseSqlite();
        }

        builder.Services.AddCodexSalesWeb();
        App = builder.Build();
        App.MapCodexSales();
        Wait(App.StartAsync());
        Client = new HttpClient { BaseAddress = new Uri(App.Urls.Single()) };
    }

    public SharedVirtualTime Time { get; } = new();

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public ISalesHost Sales => App.Services.GetRequiredService<ISalesHost>();

    /// <summary>What a path answers, which has to be a success.</summary>
    public JsonElement Get(string path)
    {
        var (status, body) = Send(HttpMethod.Get, path);
        Assert.True(status is HttpStatusCode.OK, $"{path}: {status} {body}");
        return body;
    }

    /// <summary>What is answered, with or without success.</summary>
    public (HttpStatusCode Status, JsonElement Body) Send(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = Answer(request);
        var text = Time.WaitFor(response.Content.ReadAsStringAsync());
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>What a path answers that takes some of the market's time.</summary>
    public JsonElement GetInTime(string path)
    {
        var sent = Client.GetStringAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
        while (!sent.Wait(TimeSpan.FromMilliseconds(20)))
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        return JsonDocument.Parse(sent.GetAwaiter().GetResult()).RootElement;
    }

    public HttpResponseMessage Answer(HttpRequestMessage request, bool isLive = false)
    {
        var sent = Client.SendAsync(request, isLive ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
        return Time.WaitFor(sent);
    }

    /// <summary>The status and the sentence of an answer that has to be problem details.</summary>
    public (int Status, string Detail) Refused(HttpMethod method, string path, string? body = null)
    {
        var (status, problem) = Send(method, path, body);
        Assert.True((int)status >= 400, $"{path}: {status}");
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return ((int)status, problem.GetProperty("detail").GetString()!);
    }

    public void Stop()
    {
        var stop = Task.Run(() => App.StopAsync());
        while (!stop.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        stop.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Client.Dispose();
        Stop();
        Wait(App.DisposeAsync().AsTask());
        try
        {
            _folder?.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Virtual time does not wait for a file of alerts that is being written.
        }
    }

    private void Wait(Task task) => Time.WaitFor(Finished(task));

    private static async Task<bool> Finished(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
