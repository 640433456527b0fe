using CodexSales.Node.Systemd;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;

namespace CodexSales.Node.Run;

/// <summary>Sells on a chain, from the first look at it until it is interrupted.</summary>
/// <param name="options">What it was told at its start.</param>
/// <param name="reloads">What it is told while it runs, on any thread.</param>
/// <param name="lines">Where it is told what happens.</param>
/// <param name="core">Where everything is decided.</param>
internal sealed class RunHost(RunOptions options, IObservable<RunReload> reloads, RunLines lines, IScheduler core)
{
    // Nothing is in it: it tells the host that there are options to take.
    private readonly IConfigurationRoot _section = new ConfigurationBuilder().Build();

    private volatile Action<CodexSalesOptions> _configure = options.Configure;

    /// <inheritdoc cref="SellingApp.RunAsync"/>
    public Task RunAsync(CancellationToken interrupted) => new SellingApp(options.Listen, options.Access, lines)
        .RunAsync(AddTo, host => host.Options.StopWithin, Follow, interrupted);

    private CompositeDisposable Follow(ISalesHost host) => [lines.Follow(host), reloads.Subscribe(reload => Take(reload, host))];

    private void Take(RunReload reload, ISalesHost host)
    {
        if (reload.Options is not { } now)
        {
            lines.Say("options", $"Changed options are not taken: {reload.Fault}");
            return;
        }

        _configure = now.Configure;
        _section.Reload();
        core.Schedule(() => TellUntaken(reload, now, host)); // After the host, which takes the rest there.
    }

    private void TellUntaken(RunReload reload, RunOptions now, ISalesHost host)
    {
        var most = host.Options.Pipeline.MaxWorkers;
        if (now.Settings.Pipeline.Workers > most)
        {
            lines.Say("options", $"--workers: {now.Settings.Pipeline.Workers} is given; until the next start {most} is the most.");
        }

        if (!reload.Untaken.IsEmpty)
        {
            lines.Say("options", $"{string.Join(", ", reload.Untaken)}: changed, which waits for the next start.");
        }
    }

    private void AddTo(IServiceCollection services)
    {
        var codex = services.AddCodexSales(_section)
            .UseScheduler(core)
            .UseEthereum()
            .UseSqlite()
            .UseHooks()
            .BeforeSelling((host, _) => OfferAsync(host.Availabilities));
        services.Configure<CodexSalesOptions>(settings => _configure(settings));
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

    // What the store remembers may have been changed since by others, so that it does not fit the options any more.
    private async Task OfferAsync(AvailabilityLedger ledger)
    {
        try
        {
            await TakeOffersAsync(ledger).ConfigureAwait(false);
        }
        catch (CannotSellException wrong) when (ledger.Snapshot.Any(balance => balance.Sales > 0))
        {
            lines.Say("offer", $"{wrong.Message} Sales are under way, so that they go on all the same.");
        }

        foreach (var balance in ledger.Snapshot)
        {
            lines.Say("offer", Offers.Describe(balance));
        }
    }

    private async Task TakeOffersAsync(AvailabilityLedger ledger)
    {
        var remembered = ledger.Snapshot.Select(balance => balance.Availability.Id).ToList();
        var given = options.Availabilities.Select(offer => offer with { Id = Offers.IdOf(offer.Id, remembered) }).ToList();
        await Offers.RemoveAsync(ledger, options.RemovedAvailabilities, "--remove-availability").ConfigureAwait(false);
        await Offers.SaveAsync(ledger, given).ConfigureAwait(false);
        if (ledger.Snapshot.Count == 0)
        {
            throw new CannotSellException(
                "--availability: not given, and the store remembers none, but --availability SPEC is expected.");
        }
    }
}
