using System.Diagnostics;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>
/// The same selling with no viewer and with many, in turns: how long it takes from a told request to the first question of its sale. The
/// viewers are circuits without a browser, in a process of their own on the same machine, which only takes what the node leaves.
/// </summary>
internal static class ViewersRun
{
    private const int SecondsPerTurn = 20;
    private const double MostRatio = 1.1;
    private static readonly TimeSpan _betweenRequests = TimeSpan.FromMilliseconds(20);
    private static readonly string[] _pages = ["", "queue", "sales"];

    /// <returns>Whether a sale begins within 10 % of the time that it takes without viewers, on average.</returns>
    public static async Task<bool> RunAsync(int viewers, int pairs)
    {
        var (app, market) = await StartAsync(viewers);
        await SellAsync(market); // Until all code is compiled.
        await WatchAsync(app, 3, () => SellAsync(market));
        market.TakeTimes();
        Console.WriteLine("viewers   sales   mean    p50    p99 µs   processor   server heap");
        var (alone, watched) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < pairs; pair++)
        {
            alone.AddRange(await TurnAsync(app, market, 0));
            var kept = MemoryRun.KeptByServer();
            await WatchAsync(app, viewers, async () =>
            {
                watched.AddRange(await TurnAsync(app, market, viewers));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"          {(MemoryRun.KeptByServer() - kept) / viewers / 1024:#,0} KiB of the server's heap for each viewer"));
            });
        }

        await app.StopAsync();
        await app.DisposeAsync();
        var ratio = watched.Average() / alone.Average();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"all: {Text(alone)} without, {Text(watched)} with; mean {ratio:0.000}, p50 {At(watched, 0.5) / At(alone, 0.5):0.000}, p99 {At(watched, 0.99) / At(alone, 0.99):0.000} times as long"));
        return ratio <= MostRatio;
    }

    /// <summary>So many viewers, until there is no more to read from whoever started them.</summary>
    public static async Task WatchAsync(Uri address, int count)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRazorComponents().AddInteractiveServerComponents();
        await using var provider = services.BuildServiceProvider();
        var protocol = provider.GetServices<IHubProtocol>().Single(protocol => protocol.Name == "blazorpack");
        using var http = new HttpClient();
        var clients = Enumerable.Range(0, count).Select(number => new CircuitClient(protocol, http, new Uri(address, _pages[number % _pages.Length]))).ToList();
        foreach (var some in clients.Chunk(5))
        {
            await Task.WhenAll(some.Select(client => client.OpenAsync()));
        }

        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clients.Sum(client => client.Pictures):#,0} pictures, {clients.Sum(client => client.Bytes) / 1024:#,0} KiB"));
        await Task.WhenAll(clients.Select(client => client.CloseAsync()));
        clients.ForEach(client => client.Dispose());
    }

    private static async Task<(WebApplication App, TimedMarket Market)> StartAsync(int viewers)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:Availabilities:0:Id"] = "disk",
            ["CodexSales:Availabilities:0:TotalBytes"] = $"{1UL << 40}",
            ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
            ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
            ["CodexSales:Availabilities:0:TotalCollateral"] = "20000000000000",
            ["CodexSales:Web:MaxViewers"] = $"{(2 * viewers) + 10}",
        });
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales"))
            .UseMarket<TimedMarket>().UseStorage<TimedMarket.Unused>().UseProver<TimedMarket.Unused>();
        builder.Services.AddCodexSalesWeb();
        var app = builder.Build();
        app.MapCodexSales();
        await app.StartAsync();
        return (app, app.Services.GetRequiredService<TimedMarket>());
    }

    private static async Task<double[]> TurnAsync(WebApplication app, TimedMarket market, int viewers)
    {
        MemoryRun.KeptByServer();
        market.TakeTimes();
        var before = Environment.CpuUsage.TotalTime;
        var begun = Stopwatch.GetTimestamp();
        await SellAsync(market);
        var processor = (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(begun);
        var times = market.TakeTimes();
        if (times.Length == 0)
        {
            throw new InvalidOperationException($"Nothing is sold: {app.Services.GetRequiredService<ISalesHost>().Health.Sentence}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{viewers,7} {times.Length,7} {Text(times)}   {processor * 100,5:0} %   {GC.GetTotalMemory(false) / (1 << 20),5:0} MiB"));
        return times;
    }

    private static async Task SellAsync(TimedMarket market)
    {
        using var timer = new PeriodicTimer(_betweenRequests);
        for (var request = 0; request < SecondsPerTurn / _betweenRequests.TotalSeconds; request++)
        {
            await timer.WaitForNextTickAsync();
            market.Request();
        }
    }

    private static async Task WatchAsync(WebApplication app, int viewers, Func<Task> meanwhile)
    {
        using var watching = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["watch", app.Urls.Single(), $"{viewers}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        watching.PriorityClass = ProcessPriorityClass.Idle; // Browsers are on other machines: theirs is not the node's time.
        var said = await watching.StandardOutput.ReadLineAsync();
        if (said != "ready")
        {
            throw new InvalidOperationException($"The viewers say '{said}'.");
        }

        await meanwhile();
        watching.StandardInput.Close();
        Console.WriteLine($"          {await watching.StandardOutput.ReadToEndAsync()}".TrimEnd());
        await watching.WaitForExitAsync();
    }

    private static string Text(IReadOnlyCollection<double> times) => string.Create(
        CultureInfo.InvariantCulture, $"{times.Average(),6:0} {At(times, 0.5),6:0} {At(times, 0.99),6:0}");

    private static double At(IEnumerable<double> times, double share)
    {
        double[] sorted = [.. times.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }
}
