using CodexSales.Rx.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace CodexSales.Node.Systemd;

/// <summary>Tells systemd when the program is started, that it lives, how it is doing, and that it stops.</summary>
internal sealed class SystemdService(ISystemdNotifier systemd, ISalesHost host) : IHostedLifecycleService
{
    /// <summary>The variable with the microseconds after which systemd ends a program that it has not heard of.</summary>
    public const string WatchdogVariable = "WATCHDOG_USEC";

    // One that is late twice is still alive.
    private const int PingsPerWatch = 3;

    /// <summary>Adds it, where systemd has started the program.</summary>
    /// <param name="codex">The host, whose core tells that it lives.</param>
    /// <param name="systemd">Where systemd listens.</param>
    /// <param name="watchdog">What <see cref="WatchdogVariable"/> says; null when it is not set.</param>
    public static void AddTo(CodexSalesBuilder codex, ISystemdNotifier systemd, string? watchdog)
    {
        if (!systemd.IsEnabled)
        {
            return;
        }

        codex.Services.AddHostedService(services => new SystemdService(systemd, services.GetRequiredService<ISalesHost>()));
        if (long.TryParse(watchdog, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            codex.UseWatchdog(
                TimeSpan.FromMicroseconds(microseconds) / PingsPerWatch, () => systemd.Notify(new ServiceState("WATCHDOG=1")));
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        systemd.Notify(new ServiceState($"READY=1\nSTATUS={host.Health.Sentence}"));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        systemd.Notify(new ServiceState("STOPPING=1\nSTATUS=Comes to rest."));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
