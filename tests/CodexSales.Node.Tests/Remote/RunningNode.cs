using System.Reactive.Concurrency;
using CodexSales.Node.Cli;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Local.Tests;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CodexSales.Node.Tests.Remote;

/// <summary>A node that sells on a simulated market in virtual time, and the program that asks it.</summary>
internal sealed class RunningNode : IDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    /// <param name="isRemembered">Whether it has a store, whose writes take real time.</param>
    /// <param name="choose">Chooses its parts, on the clock that is given.</param>
    /// <param name="pathBase">The path below which it is served, too; null for none.</param>
    public RunningNode(bool isRemembered = false, Action<CodexSalesBuilder, IScheduler>? choose = null, string? pathBase = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ApplicationName = typeof(CodexSalesWebExtensions).Assembly.GetName().Name }); // Its files are served.
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:MaxWorkers"] = "5",
            ["CodexSales:Sqlite:Path"] = isRemembered ? Path.Combine(_folder.FullName, "sales.sqlite") : null,
            ["CodexSales:Availabilities:0:Id"] = "disk",
            ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
            ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
            ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
            ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
        });
        var codex = builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket().UseScheduler(Time);
        _ = isRemembered ? codex.UseSqlite() : codex;
        choose?.Invoke(codex, Time);
        builder.Services.AddCodexSalesWeb(web => web.PathBase = pathBase);
        _app = builder.Build();
        _app.MapCodexSales();
        Wait(_app.StartAsync());
        Url = _app.Urls.Single();
    }

    public SharedVirtualTime Time { get; } = new();

    public string Url { get; }

    public ISalesHost Sales => _app.Services.GetRequiredService<ISalesHost>();

    /// <summary>Runs the program, with the node in its environment.</summary>
    public CommandRun Run(params string[] arguments) => Time.WaitFor(Task.Run(() => RunAsync(Url, null, arguments)));

    /// <summary>Runs the program with a node and a file of a token in its environment.</summary>
    public static async Task<CommandRun> RunAsync(string node, string? tokenFile, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Output = output,
            Error = error,
            WallClock = new VirtualTime(),
            Environment = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["NODE"] = node, ["TOKEN_FILE"] = tokenFile })
                .Build(),
        };
        var exitCode = await CommandLine.RunAsync(arguments, environment, TestContext.Current.CancellationToken);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        var stop = Task.Run(() => _app.StopAsync());
        while (!stop.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        stop.GetAwaiter().GetResult();
        Wait(_app.DisposeAsync().AsTask());
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Virtual time does not wait for a file of alerts that is being written.
        }
    }

    private void Wait(Task task) => Time.WaitFor(FinishedAsync(task));

    private static async Task<bool> FinishedAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }
}
