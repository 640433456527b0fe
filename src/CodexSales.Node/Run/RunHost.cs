using CodexSales.Node.Systemd;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;

namespace CodexSales.Node.Run;

/// <summary>Sells on a chain, from the first look at it until it is interrupted.</summary>
internal sealed class RunHost(RunOptions options, RunLines lines, IScheduler core)
{
    /// <inheritdoc cref="SellingApp.RunAsync"/>
    public Task RunAsync(CancellationToken interrupted) => new SellingApp(options.Listen, options.Access, lines)
        .RunAsync(AddTo, options.Settings.StopWithin, lines.Follow, interrupted);

    private void AddTo(IServiceCollection services)
    {
        var codex = services.AddCodexSales(options.Configure)
            .UseScheduler(core)
            .UseEthereum()
            .UseSqlite()
            .UseHooks()
            .BeforeSelling((host, _) => OfferAsync(host.Availabilities));
        SystemdService.AddTo(codex, new SystemdNotifier(), Environment.GetEnvironmentVariable(SystemdService.WatchdogVariable));
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
}
        services.Configure<CodexSalesOptions>(settings => _configure(settings));
