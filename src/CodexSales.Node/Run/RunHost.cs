using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CodexSales.Node.Run;

/// <summary>Sells on a chain, from the first look at it until it is interrupted.</summary>
internal sealed class RunHost(RunOptions options, RunLines lines, IScheduler core)
{
    // The host app stops what else it has after the sales, which have their own time.
    private static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is interrupted, and then comes to rest.</summary>
    /// <exception cref="CannotSellException">The options do not go with the machine, the node or the store.</exception>
    /// <exception cref="ChainUntrustedException">The chain contradicts its own past.</exception>
    /// <exception cref="StopFailedException">It did not come to rest in time.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        AddTo(builder);
        var app = builder.Build();
        await using var disposing = ((IAsyncDisposable)app).ConfigureAwait(false);
        var host = app.Services.GetRequiredService<ISalesHost>();
        using var telling = lines.Follow(host);
        try
        {
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (OptionsValidationException wrong)
        {
            throw new CannotSellException(string.Join(' ', wrong.Failures), wrong);
        }

        var interruption = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registered = interrupted.Register(() => interruption.TrySetResult());
        await Task.WhenAny(interruption.Task, host.Completion).ConfigureAwait(false);
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

    private void AddTo(HostApplicationBuilder app)
    {
        app.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Error).AddProvider(new RunLog(lines));
        app.Services.AddSingleton<IHostLifetime, InterruptedFromOutside>();
        app.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.Settings.StopWithin + TimeForTheRest;
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore; // It is looked at here.
        });
        var codex = app.Services.AddCodexSales(options.Configure)
            .UseScheduler(core)
            .UseEthereum()
            .UseSqlite()
            .UseHooks()
            .BeforeSelling((host, _) => OfferAsync(host.Availabilities));
        if (options.Settings.SlotFiles.Source is not null)
        {
            codex.UseSlotFiles();
        }

        if (options.IsDryRun)
        {
            codex.UseDryRun();
        }
    }

    private async Task OfferAsync(AvailabilityLedger ledger)
    {
        var given = Offers.WithIds(options.Availabilities, ledger.Snapshot.Select(balance => balance.Availability.Id));
        await Offers.RemoveAsync(ledger, options.RemovedAvailabilities, "--remove-availability").ConfigureAwait(false);
        await Offers.SaveAsync(ledger, given).ConfigureAwait(false);
        if (ledger.Snapshot.Count == 0)
        {
            throw new CannotSellException(
                "--availability: not given, and the store remembers none, but --availability SPEC is expected.");
        }

        foreach (var balance in ledger.Snapshot)
        {
            lines.Say("offer", Offers.Describe(balance));
        }
    }

    // Signals are the program's.
    private sealed class InterruptedFromOutside : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
