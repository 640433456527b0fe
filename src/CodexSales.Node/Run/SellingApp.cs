using CodexSales.Node.Serving;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CodexSales.Node.Run;

/// <summary>The app of a command that sells: the host of the marketplace, and a web server where it listens.</summary>
/// <param name="listen">Where the page and the APIs are served; null for nowhere.</param>
/// <param name="access">Sets who may come in there.</param>
/// <param name="lines">Where it is told what happens.</param>
internal sealed class SellingApp(Uri? listen, Action<WebOptions> access, RunLines lines)
{
    /// <summary>How long the app may take to stop what else it has, after the sales, which have their own time.</summary>
    internal static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is interrupted, and then comes to rest.</summary>
    /// <param name="add">Adds the host of the marketplace.</param>
    /// <param name="stopWithin">How long its sales have to come to rest, asked when it is interrupted.</param>
    /// <param name="follow">Watches the host from its beginning.</param>
    /// <param name="interrupted">Ends it.</param>
    /// <exception cref="CannotSellException">The options do not go with the machine, the node or the store.</exception>
    /// <exception cref="ChainUntrustedException">The chain contradicts its own past.</exception>
    /// <exception cref="StopFailedException">It did not come to rest in time.</exception>
    public async Task RunAsync(
        Action<IServiceCollection> add, Func<ISalesHost, TimeSpan> stopWithin, Func<ISalesHost, IDisposable> follow, CancellationToken interrupted)
    {
        var app = WebServer.Build(listen, access, builder =>
        {
            AddLog(builder.Logging);
            AddLife(builder.Services);
            add(builder.Services);
        });
        await using var disposing = ((IAsyncDisposable)app).ConfigureAwait(false);
        var host = app.Services.GetRequiredService<ISalesHost>();
        using var following = follow(host);
        foreach (var address in await WebServer.StartAsync(app, listen).ConfigureAwait(false))
        {
            lines.Say("web", $"The page is at {address}.");
        }

        var interruption = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registered = interrupted.Register(() => interruption.TrySetResult());
        await Task.WhenAny(interruption.Task, host.Completion).ConfigureAwait(false);
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = stopWithin(host) + TimeForTheRest;
        await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await host.Completion.ConfigureAwait(false);
        }
        catch (TimeoutException cutOff)
        {
            throw new StopFailedException(cutOff.Message, cutOff);
        }
    }

    private void AddLog(ILoggingBuilder log) =>
        log.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Error).AddProvider(new RunLog(lines));

    private static void AddLife(IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, InterruptedFromOutside>();
        services.Configure<HostOptions>(host =>
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore); // It is looked at here.
    }

    // Signals are the program's.
    private sealed class InterruptedFromOutside : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
